/** Headers of the PROXY protocol, written by the letter, for tests alone. */
export interface Ends {
  /** Dotted, or eight groups of hexadecimal digits. */
  readonly source: string
  readonly destination: string
  readonly sourcePort: number
  readonly destinationPort: number
}

export interface Tlv {
  readonly type: number
  readonly value: Uint8Array
}

export function writeText({ source, destination, sourcePort, destinationPort }: Ends): Uint8Array {
  const family = source.includes(':') ? 'TCP6' : 'TCP4'
  return Buffer.from(`PROXY ${family} ${source} ${destination} ${sourcePort} ${destinationPort}\r\n`, 'latin1')
}

/** With a checksum its TLV stands first. */
export function writeBinary(
  { source, destination, sourcePort, destinationPort }: Ends,
  tlvs: readonly Tlv[] = [],
  checksum = false,
): Uint8Array {
  const ports = Buffer.alloc(4)
  ports.writeUInt16BE(sourcePort)
  ports.writeUInt16BE(destinationPort, 2)
  const sum: readonly Tlv[] = checksum ? [{ type: 3, value: new Uint8Array(4) }] : []
  const addresses = Buffer.concat([addressBytes(source), addressBytes(destination), ports])
  const header = writeParts({
    family: source.includes(':') ? 0x21 : 0x11,
    body: Buffer.concat([addresses, ...[...sum, ...tlvs].map(writeTlv)]),
  })
  if (checksum) header.writeUInt32BE(slowCrc32c(header), 16 + addresses.length + 3)
  return header
}

export function writeParts(parts: {
  readonly command?: number
  readonly family?: number
  readonly body?: Uint8Array
  readonly length?: number
}): Buffer {
  const { command = 0x21, family = 0x11, body = new Uint8Array() } = parts
  const length = parts.length ?? body.length
  const fixed = [0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a, command, family, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from(fixed), body])
}

export function writeTlv({ type, value }: Tlv): Buffer {
  return Buffer.concat([Buffer.from([type, value.length >> 8, value.length & 0xff]), value])
}

export function addressBytes(address: string): Buffer {
  if (!address.includes(':')) return Buffer.from(address.split('.').map(Number))
  return Buffer.from(address.split(':').flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff]))
}

/** Bit by bit, so that it shares nothing with what it checks. */
export function slowCrc32c(bytes: Uint8Array): number {
  let sum = 0xffffffff
  for (const byte of bytes) {
    for (let bit = 0; bit < 8; bit++) {
      const low = ((sum >>> 0) ^ (byte >> bit)) & 1
      sum = (sum >>> 1) ^ (low === 1 ? 0x82f63b78 : 0)
    }
  }
  return ~sum >>> 0
}
