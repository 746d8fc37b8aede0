import type { Random } from '../../running/random.ts'

/** A reply before it is bytes; texts are Latin-1. */
export interface ReplyDraft {
  readonly id: string
  /** Of the request that it answers. */
  method: 'GET' | 'HEAD'
  /** Whatever comes before its status line. */
  before: string
  line: string
  /** Lines without their end. */
  fields: string[]
  body: string
  /** Whatever comes behind. */
  after: string
  lineEnd: string
  headEnd: string
  /** What its connection does behind the bytes. */
  end: 'stays' | 'ends' | 'is reset'
  /** How much of the bytes is left out at their end. */
  missing: number
}

export function bytesOf({ before, line, fields, body, after, lineEnd, headEnd, missing }: ReplyDraft): Buffer {
  const whole = Buffer.from(`${before}${[line, ...fields].join(lineEnd)}${lineEnd}${headEnd}${body}${after}`, 'latin1')
  return whole.subarray(0, Math.max(0, whole.length - missing))
}

/** By which one can tell whose reply it is. */
export const MARK = 'x-case'

/** A reply that nobody objects to. */
export function plainReply(id: string, text = `plain ${id}`): ReplyDraft {
  return {
    id,
    method: 'GET',
    before: '',
    line: 'HTTP/1.1 200 OK',
    fields: [`${MARK}: ${id}`, 'content-type: text/plain', `content-length: ${text.length}`],
    body: text,
    after: '',
    lineEnd: '\r\n',
    headEnd: '\r\n',
    end: 'stays',
    missing: 0,
  }
}

/** A payload, often one that is a reply if its framing is misread. */
export function payload(id: string, random: Random): string {
  return random.once(3) ? `some text of ${id}` : bytesOf(plainReply(id, `inner ${id}`)).toString('latin1')
}

/** Takes the length away, for another framing. */
export function framed(draft: ReplyDraft, fields: readonly string[], body: string): void {
  draft.fields.splice(2, 1, ...fields)
  draft.body = body
}

export function chunked(text: string, line = text.length.toString(16), last = '0\r\n\r\n'): string {
  return `${line}\r\n${text}\r\n${last}`
}
