import type { Output } from './output.ts'

/** Writes a piece of a body as one chunk; an empty piece writes nothing, as an empty chunk would end the body. */
export function writeChunk(out: Output, bytes: Uint8Array, start: number = 0, end: number = bytes.length): void {
  if (start >= end) return
  out.text((end - start).toString(16))
  out.text('\r\n')
  out.copy(bytes, start, end)
  out.text('\r\n')
}

/** Ends a chunked body, with trailers if there are some. */
export function writeLastChunk(out: Output, trailers: readonly (readonly [name: string, value: string, ...unknown[]])[] = []): void {
  out.text('0\r\n')
  for (const [name, value] of trailers) out.text(`${name}: ${value}\r\n`)
  out.text('\r\n')
}
