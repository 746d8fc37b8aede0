/** Frames of HTTP/2 by hand, for what no well-behaved client would send. */
export function frame(type: number, flags: number, stream: number, payload: Uint8Array = new Uint8Array(0)): Buffer {
  const head = Buffer.alloc(9)
  head.writeUIntBE(payload.length, 0, 3)
  head[3] = type
  head[4] = flags
  head.writeUInt32BE(stream, 5)
  return Buffer.concat([head, payload])
}

/** A client's first bytes, with windows as wide as they may be. */
export function preface(): Buffer {
  const settings = Buffer.from([0, 4, 0x7f, 0xff, 0xff, 0xff])
  const update = Buffer.alloc(4)
  update.writeUInt32BE(0x7fff_ffff - 65_535)
  return Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), frame(4, 0, 0, settings), frame(8, 0, 0, update)])
}

/** `GET / http` to the authority `a`, complete. */
export function get(stream: number): Buffer {
  return frame(1, 5, stream, Buffer.from([0x82, 0x84, 0x86, 0x01, 0x01, 0x61]))
}

/** The types of the frames in these bytes, as far as they are whole. */
export function frameTypes(bytes: Buffer): number[] {
  const types: number[] = []
  for (let at = 0; at + 9 <= bytes.length; at += 9 + bytes.readUIntBE(at, 3)) types.push(bytes[at + 3] ?? -1)
  return types
}
