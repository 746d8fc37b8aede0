import type { Framing, MessageHead } from './message-head.ts'
import { ID_CONTENT_LENGTH, LAST_STEERING_ID } from './names.ts'
import type { Output } from './output.ts'
import type { ReplyHead } from './reply-head.ts'
import type { RequestHead } from './request-head.ts'
import { reasonOf } from './reasons.ts'
import { asciiBytes } from './text.ts'

/**
 * Writes a request head as HTTP/1.1 with its edits, whatever version and target form it came in. Kept lines are copied as bytes;
 * `host` is the authority; what steers the connection goes out only as an edit (`set('connection', ...)`), framing only as said here.
 */
export function writeRequestHead(out: Output, head: RequestHead, framing: Framing = head.framing): void {
  head.writeTarget(out)
  out.short(VERSION_AND_HOST)
  out.text(head.authority)
  out.short(CRLF)
  writeLines(out, head, framing === 'length')
  if (framing === 'chunked') out.short(CHUNKED)
  out.short(CRLF)
}

/** Writes a reply head likewise. `close` as framing says nothing about the body: the connection must end behind it. */
export function writeReplyHead(out: Output, head: ReplyHead, framing: Framing = head.framing): void {
  head.writeStatus(out)
  writeLines(out, head, framing === 'length' || tellsLength(head))
  if (framing === 'chunked') out.short(CHUNKED)
  out.short(CRLF)
}

/** Writes the head of a reply that was made here. Header names and values must be valid; framing is among them. */
export function writeOwnReplyHead(out: Output, status: number, headers: readonly (readonly [name: string, value: string])[]): void {
  out.text(`HTTP/1.1 ${status} ${reasonOf(status)}\r\n`)
  for (const [name, value] of headers) out.text(`${name}: ${value}\r\n`)
  out.short(CRLF)
}

/** `HTTP/1.1 100 Continue` */
export function writeContinue(out: Output): void {
  out.text('HTTP/1.1 100 Continue\r\n\r\n')
}

/** A reply to HEAD and a 304 tell the length of a body that they do not carry. */
export function tellsLength(head: ReplyHead): boolean {
  return head.framing === 'none' && (head.status === 304 || (head.requestMethod === 'HEAD' && head.status >= 200 && head.status !== 204))
}

/** Lines that go on one behind the other are one copy. */
function writeLines(out: Output, head: MessageHead, withLength: boolean): void {
  const { lines, bytes } = head
  const { count, received, ids, dropped } = lines
  let runStart = -1
  for (let line = 0; line < count; line++) {
    const id = ids[line] as number
    const kept = dropped[line] === 0 && (id === 0 || id > LAST_STEERING_ID || line >= received || (withLength && id === ID_CONTENT_LENGTH))
    if (kept && runStart === -1) runStart = lines.nameStart(line)
    if (kept || runStart === -1) continue
    out.copy(bytes, runStart, lines.nameStart(line))
    runStart = -1
  }
  if (runStart !== -1) out.copy(bytes, runStart, head.linesEnd)
}

const CRLF = asciiBytes('\r\n')
const VERSION_AND_HOST = asciiBytes(' HTTP/1.1\r\nhost: ')
const CHUNKED = asciiBytes('transfer-encoding: chunked\r\n')
