/** An object in a form that somebody waits for. */
export interface Want {
  readonly text: string
  /** `KIND/NAMESPACE/NAME`. */
  readonly key: string
  /** The name of its content, or that it must have gone. */
  readonly version: string
}

/** Reads `VirtualService/default/reviews@0123456789ab` or `...@absent`. */
export function readWant(text: string): Want | undefined {
  const found = /^([A-Za-z]{1,63}\/[-a-z0-9]{0,63}\/[-.a-z0-9]{1,253})@([0-9a-f]{12}|absent)$/.exec(text)
  return found === null ? undefined : { text, key: found[1] ?? '', version: found[2] ?? '' }
}
