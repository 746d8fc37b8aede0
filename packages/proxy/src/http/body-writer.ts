import type { Conn, WriteOutcome } from '@mesh/io'
import { writeChunk, writeLastChunk, type Framing, type TrailerField } from '@mesh/wire'
import { COPY_BYTES, OUTBOX, type Sender } from './outbox.ts'

const CRLF = Uint8Array.of(13, 10)
const encoder = new TextEncoder()

/** Sends the body of one message behind its head, by the framing that the head told. */
export function sendBody(to: { readonly conn: Conn; readonly sender: Sender; readonly framing: Framing }, lent: Uint8Array): WriteOutcome {
  const { conn, sender, framing } = to
  if (lent.length <= COPY_BYTES) {
    const output = OUTBOX.for(sender)
    if (framing === 'chunked') writeChunk(output, lent)
    else output.copy(lent)
    return 'accepted'
  }
  OUTBOX.flush()
  return framing === 'chunked' ? conn.writev([encoder.encode(`${lent.length.toString(16)}\r\n`), lent, CRLF]) : conn.write(lent)
}

/** Ends a body that does not end by itself; only chunks have a place for trailers. */
export function endBody(
  { sender, framing }: { readonly sender: Sender; readonly framing: Framing },
  trailers: readonly TrailerField[] = [],
): void {
  if (framing === 'chunked') writeLastChunk(OUTBOX.for(sender), trailers)
}
