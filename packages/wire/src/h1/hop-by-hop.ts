import type { MessageHead } from './message-head.ts'
import { ID_CONNECTION, ID_CONTENT_LENGTH, ID_EXPECT, ID_HOST, ID_TRANSFER_ENCODING, LAST_STEERING_ID } from './names.ts'
import { textOf } from './text.ts'
import { eachToken } from './tokens.ts'

/**
 * Takes the headers out that belong to one connection only (RFC 9110 section 7.6.1), those named by Connection included.
 * Host, framing and Expect stay in sight for their own rules; a Connection header cannot name them away.
 */
export function cutHopByHop(head: MessageHead): void {
  const { lines } = head
  for (let line = 0; line < lines.count; line++) {
    const id = lines.ids[line] as number
    if (id === 0 || id > LAST_STEERING_ID || isKept(id)) continue
    if (id === ID_CONNECTION) cutNamed(head, line)
    lines.dropped[line] = 1
  }
}

function cutNamed(head: MessageHead, line: number): void {
  const { lines, bytes } = head
  eachToken(bytes, lines.valueStart(line), lines.valueEnd(line), (start, end) => {
    const name = textOf(bytes, start, end).toLowerCase()
    if (!KEPT.has(name)) head.remove(name)
  })
}

function isKept(id: number): boolean {
  return id === ID_HOST || id === ID_CONTENT_LENGTH || id === ID_TRANSFER_ENCODING || id === ID_EXPECT
}

const KEPT: ReadonlySet<string> = new Set(['host', 'content-length', 'transfer-encoding', 'expect', 'close', 'keep-alive', 'upgrade'])
