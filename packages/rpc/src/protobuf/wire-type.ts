/** How a value is framed (Protocol Buffers encoding, "message structure"). */
export const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const

export type WireType = (typeof WIRE)[keyof typeof WIRE]
