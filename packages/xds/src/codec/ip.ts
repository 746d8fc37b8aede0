import { isIPv4, isIPv6 } from 'node:net'
import { refuse } from './refusal.ts'

/** An IP literal as 4 or 16 bytes. */
export function ipBytes(text: string): Uint8Array {
  if (isIPv4(text)) return Uint8Array.from(text.split('.'), Number)
  if (isIPv6(text)) return ipv6Bytes(text)
  refuse(`${text} is not an IP address`)
}

/** 4 or 16 bytes as text; IPv6 in the form of RFC 5952. */
export function ipText(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join('.')
  if (bytes.length !== 16) refuse(`an IP address of ${bytes.length} bytes`)
  const groups = Array.from({ length: 8 }, (_, index) => (((bytes[index * 2] ?? 0) << 8) | (bytes[index * 2 + 1] ?? 0)).toString(16))
  return shorten(groups)
}

function ipv6Bytes(text: string): Uint8Array {
  const [head = '', tail] = withoutDots(text).split('::')
  const first = groupsOf(head)
  const last = groupsOf(tail ?? '')
  const groups = tail === undefined ? first : [...first, ...Array<number>(8 - first.length - last.length).fill(0), ...last]
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]))
}

/** `::ffff:10.0.0.1` → `::ffff:a00:1`. */
function withoutDots(text: string): string {
  const [a, b, c, d] = /(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text)?.slice(1).map(Number) ?? []
  if (a === undefined || b === undefined || c === undefined || d === undefined) return text
  return `${text.slice(0, text.lastIndexOf(':') + 1)}${((a << 8) | b).toString(16)}:${((c << 8) | d).toString(16)}`
}

function groupsOf(part: string): number[] {
  return part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16))
}

/** The longest run of two or more zero groups, the first of equals, becomes `::`. */
function shorten(groups: readonly string[]): string {
  let best = { start: 0, length: 1 }
  for (let start = 0; start < 8; start++) {
    let length = 0
    while (groups[start + length] === '0') length++
    if (length > best.length) best = { start, length }
  }
  if (best.length < 2) return groups.join(':')
  return `${groups.slice(0, best.start).join(':')}::${groups.slice(best.start + best.length).join(':')}`
}
