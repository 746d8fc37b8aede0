import { expect, test } from 'vitest'
import { MAX_INTERIM_REPLIES, type H1Limits } from '../limits.ts'
import { ReplyParser, RequestParser } from './message-parser.ts'
import { tellEvents } from './testdata/tell-events.ts'

const LIMITS: H1Limits = { maxHeadBytes: 200, maxHeaders: 3, maxChunkExtensionBytes: 10, maxTrailerBytes: 20 }
const bytes = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'))
const everyByte = (of: Uint8Array): number[] => [...of.keys()].slice(1)

function last(text: string): string | undefined {
  const whole = tellEvents(new RequestParser(LIMITS), bytes(text))
  expect(tellEvents(new RequestParser(LIMITS), bytes(text), everyByte(bytes(text)))).toEqual(whole)
  return whole.at(-1)
}

const START = 'GET / HTTP/1.1\r\nhost: a\r\nx: '

test('a head may be as large as said and not a byte larger', () => {
  const room = LIMITS.maxHeadBytes - START.length - 4
  expect(last(`${START}${'y'.repeat(room)}\r\n\r\n`)).toBe('end')
  expect(last(`${START}${'y'.repeat(room + 1)}\r\n\r\n`)).toBe('bad head-too-large')
  expect(last(`${START}${'y'.repeat(1000)}`)).toBe('bad head-too-large')
  expect(last(`GET /${'y'.repeat(1000)}`)).toBe('bad head-too-large')
})

test('a head may have as many lines as said and not one more', () => {
  expect(last(`${START}1\r\nx: 2\r\n\r\n`)).toBe('end')
  expect(last(`${START}1\r\nx: 2\r\nx: 3\r\n\r\n`)).toBe('bad too-many-headers')
})

const CHUNKED = 'GET / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n'

test('extensions of all chunks together are bounded', () => {
  expect(last(`${CHUNKED}1;aaaaa\r\nx\r\n1;bbbbb\r\ny\r\n0\r\n\r\n`)).toBe('end')
  expect(last(`${CHUNKED}1;aaaaa\r\nx\r\n1;bbbbbb\r\ny\r\n0\r\n\r\n`)).toBe('bad chunk-extension-too-large')
})

test('trailers are bounded in bytes and lines', () => {
  expect(last(`${CHUNKED}0\r\nx: ${'y'.repeat(13)}\r\n\r\n`)).toBe('end')
  expect(last(`${CHUNKED}0\r\nx: ${'y'.repeat(14)}\r\n\r\n`)).toBe('bad trailer-too-large')
  expect(last(`${CHUNKED}0\r\na:\r\nb:\r\nc:\r\nd:\r\n\r\n`)).toBe('bad too-many-headers')
})

test('a parser reads message after message in the buffers of the first', () => {
  const parser = new RequestParser(LIMITS)
  const text = bytes(`${START}1\r\n\r\n`)
  for (let round = 0; round < 1000; round++) {
    expect([parser.atRest, parser.step(text, 0), parser.step(text, text.length)]).toEqual([true, 'head', 'end'])
  }
  expect(parser.head.bytes.length).toBeLessThanOrEqual(1024)
})

test('a reply parser is at rest until a byte comes', () => {
  const parser = new ReplyParser()
  expect([parser.atRest, parser.step(bytes('H'), 0), parser.atRest]).toEqual([true, 'more', false])
})

test('interim replies do not go on for ever', () => {
  const interims = (count: number): string[] => {
    const parser = new ReplyParser()
    parser.expect('GET')
    return tellEvents(parser, bytes(`${'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(count)}HTTP/1.1 204 No Content\r\n\r\n`))
  }
  expect(interims(MAX_INTERIM_REPLIES).at(-1)).toBe('end')
  expect(interims(MAX_INTERIM_REPLIES + 1).at(-1)).toBe('bad too-many-interim-replies')
})

test('a large head does not keep its memory for the messages behind it', () => {
  const parser = new RequestParser()
  const large = bytes(`${START}${'y'.repeat(50_000)}\r\n\r\n`)
  expect([parser.step(large, 0), parser.step(large, large.length)]).toEqual(['head', 'end'])
  expect(parser.step(bytes(`${START}1\r\n\r\n`), 0)).toBe('head')
  expect(parser.head.bytes.length).toBeLessThan(5000)
})
