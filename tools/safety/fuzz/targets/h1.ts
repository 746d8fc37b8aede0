import { readCases } from '../../../../packages/wire/src/h1/testdata/read-cases.ts'
import { tellEvents } from '../../../../packages/wire/src/h1/testdata/tell-events.ts'
import { Output, ReplyParser, RequestParser, writeRequestHead } from '../../../../packages/wire/src/index.ts'
import { Broken, bytesOf, cutsOf, same, wayOf, type Target } from '../target.ts'

type Parser = RequestParser | ReplyParser

const HEAD = bytesOf('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n')
const BODIES = [
  '3\r\nabc\r\n0\r\n\r\n',
  '3;a="b;c"\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n',
  '00a ; b = c\r\n0123456789\r\n0\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n',
]

/** HTTP/1.1: requests, replies, and what follows the head of a chunked message. */
export const H1: readonly Target[] = [
  {
    name: 'h1-request',
    seeds: () => [...readCases('requests'), ...readCases('refused-requests')].map(({ bytes }) => bytes),
    check: (bytes, random) => {
      writesWhatItRead(bytes)
      return cutAnywhere(() => new RequestParser(), bytes, cutsOf(bytes, random))
    },
  },
  {
    name: 'h1-reply',
    seeds: () => readCases('replies').map(({ bytes }) => bytes),
    check: (bytes, random) => cutAnywhere(() => new ReplyParser(), bytes, cutsOf(bytes, random)),
  },
  {
    name: 'chunks',
    seeds: () => BODIES.map(bytesOf),
    check: (bytes, random) => {
      const message = Uint8Array.from([...HEAD, ...bytes])
      return cutAnywhere(() => new RequestParser(), message, cutsOf(message, random))
    },
  },
]

function cutAnywhere(make: () => Parser, bytes: Uint8Array, cuts: readonly number[]): string {
  const whole = tellEvents(make(), bytes)
  same('cut otherwise, other events', whole, tellEvents(make(), bytes, cuts))
  return wayOf(whole.map((event) => /^(\| |bad [a-z-]+|eof [a-z-]+|[a-z]+|\d+)/.exec(event)?.[0] ?? 'head'))
}

/** The head that goes upstream is the head that was judged. */
function writesWhatItRead(bytes: Uint8Array): void {
  const first = new RequestParser()
  if (first.step(bytes, 0) !== 'head') return
  // Neither is ever written: a CONNECT has no path, and what names no host is answered with 400.
  if (first.head.method === 'CONNECT' || first.head.authority === '') return
  const out = new Output()
  writeRequestHead(out, first.head)
  const second = new RequestParser()
  if (second.step(out.written, 0) !== 'head')
    throw new Broken(`what was written is no request: ${Buffer.from(out.written).toString('latin1')}`)
  if (second.at !== out.length) throw new Broken('more was written than a head')
  const told = ({ head }: RequestParser): unknown => [head.method, head.path, head.authority, head.framing, head.contentLength]
  same('written otherwise than read', told(first), told(second))
}
