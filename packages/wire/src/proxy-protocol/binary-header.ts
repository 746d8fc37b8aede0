import { MAX_PROXY_HEADER_BYTES } from '../limits.ts'
import { crc32c } from './crc32c.ts'
import { ipText } from './ip.ts'
import { BAD, MORE, type ProxiedEnd, type ProxyHeader } from './proxy-header.ts'

/** Version 2: a signature, version and command, family and transport, a length, then so many bytes of addresses and TLVs. */
export function readBinaryHeader(bytes: Uint8Array): ProxyHeader {
  if (!SIGNATURE.every((code, at) => at >= bytes.length || bytes[at] === code)) return BAD
  const command = bytes[12]
  if (command !== undefined && command !== LOCAL && command !== PROXY) return BAD
  const family = bytes[13]
  if (command === PROXY && family !== undefined && !ADDRESS_BYTES.has(family)) return BAD
  if (bytes.length < FIXED_BYTES) return MORE
  const taken = FIXED_BYTES + uint16(bytes, 14)
  const addresses = command === PROXY ? (ADDRESS_BYTES.get(family as number) as number) : 0
  if (taken > MAX_PROXY_HEADER_BYTES || taken < FIXED_BYTES + addresses) return BAD
  if (bytes.length < taken) return MORE
  if (command === LOCAL || family === UNSPEC) return { kind: 'own', taken }
  return readProxied(bytes.subarray(0, taken), addresses)
}

/** `header` is all of it, and nothing more. */
function readProxied(header: Uint8Array, addresses: number): ProxyHeader {
  const taken = header.length
  if (!extensionsHold(header, FIXED_BYTES + addresses)) return BAD
  const size = header[13] === TCP4 ? 4 : header[13] === TCP6 ? 16 : 0
  if (size === 0) return { kind: 'own', taken }
  const ports = FIXED_BYTES + 2 * size
  const source = endAt(header, FIXED_BYTES, size, ports)
  const destination = endAt(header, FIXED_BYTES + size, size, ports + 2)
  return source === undefined || destination === undefined ? BAD : { kind: 'proxied', taken, source, destination }
}

function endAt(header: Uint8Array, at: number, size: number, port: number): ProxiedEnd | undefined {
  const address = ipText(header.subarray(at, at + size))
  return address === undefined ? undefined : { address, port: uint16(header, port) }
}

/** Whether the TLVs fill the header to its last byte, and its checksum is right where there is one. */
function extensionsHold(header: Uint8Array, start: number): boolean {
  let checksum = 0
  let at = start
  while (at + 3 <= header.length) {
    const size = uint16(header, at + 1)
    if (header[at] === CHECKSUM) {
      if (checksum !== 0 || size !== 4) return false
      checksum = at + 3
    }
    at += 3 + size
  }
  return at === header.length && (checksum === 0 || sumHolds(header, checksum))
}

/** The sum was made while its own place was zero. */
function sumHolds(header: Uint8Array, at: number): boolean {
  const said = ((uint16(header, at) << 16) | uint16(header, at + 2)) >>> 0
  const blank = Uint8Array.from(header)
  blank.fill(0, at, at + 4)
  return crc32c(blank) === said
}

function uint16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number)
}

const SIGNATURE = [0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a]
const FIXED_BYTES = 16
/** Version 2 in the high half, the command in the low one. */
const LOCAL = 0x20
const PROXY = 0x21
/** Family in the high half, transport in the low one. */
const UNSPEC = 0x00
const TCP4 = 0x11
const TCP6 = 0x21
/** How many bytes the addresses of each valid pair take: TCP and UDP over IPv4 and IPv6, both sorts of UNIX sockets. */
const ADDRESS_BYTES: ReadonlyMap<number, number> = new Map([
  [UNSPEC, 0],
  [TCP4, 12],
  [0x12, 12],
  [TCP6, 36],
  [0x22, 36],
  [0x31, 216],
  [0x32, 216],
])
/** PP2_TYPE_CRC32C. */
const CHECKSUM = 0x03
