/** Where the caller of a forward proxy wants to go. */
export interface AskedPlace {
  /** Name or IP literal, without brackets. */
  readonly host: string
  readonly port: number
}

/** Reads `host`, `host:port`, `[v6]:port`; port 80 where none is said. Undefined when it is none of these. */
export function askedPlace(authority: string, defaultPort = 80): AskedPlace | undefined {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(authority)
  if (match === null) return undefined
  const port = match[3] === undefined ? defaultPort : Number(match[3])
  if (port < 1 || port > 65535) return undefined
  return { host: (match[1] ?? match[2] ?? '').toLowerCase(), port }
}
