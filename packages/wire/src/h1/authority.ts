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
const AUTHORITY = /^(?!\.|.*\.\.)(?:\[[0-9A-Fa-f:.]+\]|[^:[\]]+)(?::\d{0,5})?$/

/** In lower case, without a dot behind the name. */
export function normalAuthority(text: string): string {
  const lower = text.toLowerCase()
  return lower.endsWith('.') || lower.includes('.:') ? lower.replace(/\.(?=:|$)/, '') : lower
}
