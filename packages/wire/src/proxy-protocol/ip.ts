/** Reads an IP literal into 4 or 16 bytes, strictly: no leading zeros in IPv4, no zone. Undefined when it is none. */
export function ipOfText(literal: string): Uint8Array | undefined {
  const bytes = literal.includes(':') ? ipv6(literal) : ipv4(literal)
  return bytes === undefined ? undefined : Uint8Array.from(bytes)
}

/** Writes 4 or 16 bytes as an IP literal; undefined where no host can have that address: nobody's, everybody's, a group's. */
export function ipText(bytes: Uint8Array): string | undefined {
  if (bytes.length === 4) return ipv4Text(bytes)
  if (MAPPED.every((byte, at) => bytes[at] === byte)) return ipv4Text(bytes.subarray(12))
  if (bytes[0] === 0xff || bytes.every((byte) => byte === 0)) return undefined
  return shortest(Array.from({ length: 8 }, (_, index) => ((bytes[2 * index] as number) << 8) | (bytes[2 * index + 1] as number)))
}

function ipv4Text(bytes: Uint8Array): string | undefined {
  const first = bytes[0] as number
  const group = first >= 224 && first < 240
  return group || bytes.every((byte) => byte === 0) || bytes.every((byte) => byte === 255) ? undefined : bytes.join('.')
}

function ipv4(literal: string): readonly number[] | undefined {
  return IPV4.test(literal) ? literal.split('.').map(Number) : undefined
}

function ipv6(literal: string): readonly number[] | undefined {
  const [front = '', back, ...more] = literal.split('::')
  if (more.length > 0) return undefined
  const head = groups(front, back === undefined)
  const tail = groups(back ?? '', true)
  if (head === undefined || tail === undefined) return undefined
  const gap = 16 - head.length - tail.length
  if (back === undefined ? gap !== 0 : gap < 2) return undefined
  return [...head, ...Array.from({ length: gap }, () => 0), ...tail]
}

/** The bytes of groups between colons; the last of an address may be written as IPv4. */
function groups(text: string, last: boolean): readonly number[] | undefined {
  if (text === '') return []
  const parts = text.split(':')
  const bytes: number[] = []
  for (const [index, part] of parts.entries()) {
    const dotted = last && index === parts.length - 1 ? ipv4(part) : undefined
    if (dotted !== undefined) bytes.push(...dotted)
    else if (GROUP.test(part)) bytes.push(Number.parseInt(part, 16) >> 8, Number.parseInt(part, 16) & 0xff)
    else return undefined
  }
  return bytes
}

/** RFC 5952: the longest run of zeros, the first of equals, is left out; a lone zero stays. */
function shortest(words: readonly number[]): string {
  let best = { from: 0, length: 1 }
  for (let from = 0; from < words.length; from++) {
    let length = 0
    while (words[from + length] === 0) length++
    if (length > best.length) best = { from, length }
  }
  const hex = words.map((word) => word.toString(16))
  if (best.length < 2) return hex.join(':')
  return `${hex.slice(0, best.from).join(':')}::${hex.slice(best.from + best.length).join(':')}`
}

/** `::ffff:0:0/96`: IPv4 in IPv6's clothes. */
const MAPPED = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/
const GROUP = /^[0-9a-fA-F]{1,4}$/
