import { isIPv4, isIPv6 } from 'node:net'
import { ARENA, type Arena } from './native/arena.ts'
import { LINUX } from './native/machine.ts'

export interface SocketAddress {
  readonly address: string
  readonly port: number
}

/** Writes `sockaddr_in` or `sockaddr_in6` into the arena's cell; answers family and length, undefined for what is no IP address. */
export function writeAddress(
  arena: Arena,
  { address, port }: SocketAddress,
): { readonly family: number; readonly length: number } | undefined {
  const { view, bytes } = arena
  const at = ARENA.cell
  bytes.fill(0, at, at + 28)
  view.setUint16(at + 2, port, false)
  if (isIPv4(address)) {
    view.setUint16(at, LINUX.AF_INET, true)
    for (const [index, part] of address.split('.').entries()) bytes[at + 4 + index] = Number(part)
    return { family: LINUX.AF_INET, length: 16 }
  }
  const [literal = '', zone] = address.split('%', 2)
  if (!isIPv6(literal) || zone !== undefined) return undefined
  view.setUint16(at, LINUX.AF_INET6, true)
  for (const [index, group] of groupsOf(literal).entries()) view.setUint16(at + 8 + 2 * index, group, false)
  return { family: LINUX.AF_INET6, length: 28 }
}

/** Whether it stands for every address of the machine. */
export function isAny(address: string): boolean {
  return address === '0.0.0.0' || address === '::'
}

/** What a system call wrote into the arena's cell; an IPv4 address in IPv6's clothes is told as what it is. */
export function readAddress({ view, bytes }: Arena): SocketAddress {
  const at = ARENA.cell
  const port = view.getUint16(at + 2, false)
  if (view.getUint16(at, true) === LINUX.AF_INET) return { address: dotted(bytes, at + 4), port }
  const groups = Array.from({ length: 8 }, (_, index) => view.getUint16(at + 8 + 2 * index, false))
  const mapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff
  return { address: mapped ? dotted(bytes, at + 20) : shortest(groups), port }
}

function dotted(bytes: Uint8Array, at: number): string {
  return `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}`
}

/** The eight groups of an address whose form was checked. */
function groupsOf(literal: string): readonly number[] {
  const [head = '', tail] = literal.split('::', 2)
  const [front, back] = [partsOf(head), tail === undefined ? [] : partsOf(tail)]
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - front.length - back.length }, () => 0)
  return [...front, ...zeros, ...back]
}

function partsOf(text: string): readonly number[] {
  if (text === '') return []
  return text.split(':').flatMap((part) => {
    if (!part.includes('.')) return [Number.parseInt(part, 16)]
    const [a = 0, b = 0, c = 0, d = 0] = part.split('.').map(Number)
    return [a * 256 + b, c * 256 + d]
  })
}

/** RFC 5952: the longest run of zeros, the first of equals, is left out; a lone zero stays. */
function shortest(groups: readonly number[]): string {
  let best = { from: 0, length: 1 }
  for (let from = 0; from < groups.length; from++) {
    let length = 0
    while (groups[from + length] === 0) length++
    if (length > best.length) best = { from, length }
  }
  const hex = groups.map((group) => group.toString(16))
  if (best.length < 2) return hex.join(':')
  return `${hex.slice(0, best.from).join(':')}::${hex.slice(best.from + best.length).join(':')}`
}
