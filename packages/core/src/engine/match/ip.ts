import type { Cidr } from '../../view/match.ts'

/** An address as 32-bit words, most significant first: 1 of IPv4, 4 of IPv6. */
export type IpWords = readonly number[]

/** Reads an IP literal; an IPv4 address mapped into IPv6 is the IPv4 address. Undefined when it is none. */
export function parseIp(text: string): IpWords | undefined {
  const zone = text.indexOf('%')
  const literal = zone < 0 ? text : text.slice(0, zone)
  if (!literal.includes(':')) {
    const word = parseIpv4(literal)
    return word === undefined ? undefined : [word]
  }
  const words = parseIpv6(literal)
  if (words === undefined) return undefined
  const mapped = words[0] === 0 && words[1] === 0 && words[2] === 0xffff
  return mapped ? [words[3] ?? 0] : words
}

/** Compiles an address block; undefined when it is none. */
export function compileCidr(cidr: Cidr): ((address: IpWords) => boolean) | undefined {
  const base = parseIp(cidr.address)
  if (base === undefined) return undefined
  const mapped = cidr.address.includes(':') && base.length === 1
  const prefix = mapped ? cidr.prefix - 96 : cidr.prefix
  if (!Number.isInteger(prefix) || prefix < 0 || prefix > base.length * 32) return undefined
  const masks = base.map((_, index) => maskOf(prefix - index * 32))
  return (address) =>
    address.length === base.length && masks.every((mask, index) => (((address[index] ?? 0) ^ (base[index] ?? 0)) & mask) === 0)
}

function maskOf(bits: number): number {
  if (bits <= 0) return 0
  return bits >= 32 ? 0xffffffff : (0xffffffff << (32 - bits)) | 0
}

function parseIpv4(text: string): number | undefined {
  const parts = text.split('.')
  if (parts.length !== 4) return undefined
  let word = 0
  for (const part of parts) {
    if (!/^(0|[1-9]\d{0,2})$/.test(part)) return undefined
    const byte = Number(part)
    if (byte > 255) return undefined
    word = word * 256 + byte
  }
  return word
}

function parseIpv6(text: string): IpWords | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const head = groupsOf(halves[0] ?? '')
  const tail = groupsOf(halves[1] ?? '')
  if (head === undefined || tail === undefined) return undefined
  const gap = 8 - head.length - tail.length
  if (halves.length === 2 ? gap < 1 : gap !== 0) return undefined
  const groups = [...head, ...Array.from({ length: gap }, () => 0), ...tail]
  return [0, 2, 4, 6].map((index) => (groups[index] ?? 0) * 65_536 + (groups[index + 1] ?? 0))
}

function groupsOf(text: string): readonly number[] | undefined {
  if (text === '') return []
  const groups: number[] = []
  for (const part of text.split(':')) {
    if (part.includes('.')) {
      const word = parseIpv4(part)
      if (word === undefined) return undefined
      groups.push(Math.floor(word / 65_536), word % 65_536)
    } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(Number.parseInt(part, 16))
    else return undefined
  }
  return groups
}
