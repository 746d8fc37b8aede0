import type { ReplyParser, RequestParser } from '../message-parser.ts'

type Parser = RequestParser | ReplyParser

/** Feeds the bytes in pieces that end at the cuts, then FIN; tells what came of it, neighbouring body events as one. */
export function tellEvents(parser: Parser, bytes: Uint8Array, cuts: readonly number[] = []): string[] {
  const told: string[] = []
  let from = 0
  for (const to of [...cuts, bytes.length]) {
    const piece = bytes.slice(from, to)
    from = to
    if (feed(parser, piece, told)) return told
    piece.fill(0xff)
  }
  const eof = parser.stepEof()
  if (eof !== 'more') told.push(eof === 'bad' ? `eof bad ${parser.error?.code}` : `eof ${eof}`)
  return told
}

/** Answers whether the parser takes no more. */
function feed(parser: Parser, piece: Uint8Array, told: string[]): boolean {
  let at = 0
  for (;;) {
    const step = parser.step(piece, at)
    if (parser.at < at || parser.at > piece.length) throw new Error('the parser left its bytes')
    at = parser.at
    if (step === 'more') {
      if (at !== piece.length) throw new Error('bytes were not taken')
      return false
    }
    if (step === 'head') told.push(...tellHead(parser))
    else if (step === 'body') addBody(told, escaped(piece.subarray(parser.bodyStart, parser.bodyEnd)))
    else if (step === 'end') told.push(...parser.trailers.map(([name, value]) => `trailer ${name}: ${value}`), 'end')
    else {
      told.push(step === 'bad' ? `bad ${parser.error?.code}` : step)
      return true
    }
  }
}

function tellHead({ head }: Parser): string[] {
  const framing = head.framing === 'length' ? `length ${head.contentLength}` : head.framing
  const notes = [framing, head.keepAlive ? 'keep-alive' : 'close']
  if (head.upgrade) notes.push('upgrade')
  const lines = Array.from({ length: head.lines.count }, (_, line) => `| ${head.name(line).toLowerCase()}: ${head.value(line)}`.trimEnd())
  if ('status' in head) return [`${head.status} ${head.reason} HTTP/1.${head.minor}, ${notes.join(', ')}`, ...lines]
  if (head.expectContinue) notes.push('expects')
  if (head.scheme !== 'http') notes.push(head.scheme)
  if (head.targetForm !== 'origin') notes.push(head.targetForm)
  return [`${head.method} ${head.path} ${head.version} to ${head.authority}, ${notes.join(', ')}`, ...lines]
}

function addBody(told: string[], text: string): void {
  const last = told.at(-1)
  if (last?.startsWith('body ') === true) told[told.length - 1] = last + text
  else told.push(`body ${text}`)
}

function escaped(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1').replaceAll('\r', '\\r').replaceAll('\n', '\\n')
}
