import { HOST } from './characters.ts'
import { textOf } from './text.ts'

/** Whether the bytes are `host` or `host:port` and no more: no user, no path, no list, no name with an empty part. */
export function isAuthority(bytes: Uint8Array, start: number, end: number): boolean {
  let plain = true
  for (let at = start; at < end; at++) {
    const code = bytes[at] as number
    if (HOST[code] === 0) return false
    if (code === DOT && (at === start || bytes[at - 1] === DOT)) return false
    if (code === 58 || code === 91 || code === 93) plain = false
  }
  if (start === end) return false
  return plain || AUTHORITY.test(textOf(bytes, start, end))
}

/** Whether a text is `host` or `host:port` and no more. */
export function isAuthorityText(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (HOST[text.charCodeAt(at)] !== 1) return false
  return AUTHORITY.test(text)
}

const DOT = 46
/** What a text may hold that is not in its normal form; a dot counts where a name ends. */
const UPPER_OR_COLON = new Uint8Array(256).map((_, code) => Number(code === 58 || (code >= 65 && code <= 90)))
const AUTHORITY = /^(?!\.|.*\.\.)(?:\[[0-9A-Fa-f:.]+\]|[^:[\]]+)(?::\d{0,5})?$/

/** The authority that these bytes are, in its normal form. */
export function authorityOf(bytes: Uint8Array, start: number, end: number): string {
  const text = textOf(bytes, start, end)
  for (let at = start; at < end; at++) if (UPPER_OR_COLON[bytes[at] as number] !== 0) return normalAuthority(text)
  return bytes[end - 1] === DOT ? normalAuthority(text) : text
}

/** In lower case, without a dot behind the name. */
export function normalAuthority(text: string): string {
  const lower = text.toLowerCase()
  return lower.endsWith('.') || lower.includes('.:') ? lower.replace(/\.(?=:|$)/, '') : lower
}
