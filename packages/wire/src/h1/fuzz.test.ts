import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { ReplyParser, RequestParser } from './message-parser.ts'
import { Output } from './output.ts'
import { readCases } from './testdata/read-cases.ts'
import { tellEvents } from './testdata/tell-events.ts'
import { writeChunk, writeLastChunk } from './write-chunk.ts'
import { writeReplyHead, writeRequestHead } from './write-head.ts'

const requests = [...readCases('requests'), ...readCases('refused-requests')].map(({ bytes }) => bytes)
const replies = readCases('replies').map(({ bytes }) => bytes)
const TRICKY = [...'\r\n\t\0 :;,="\\#@/?*0aAfx.-_%'].map((char) => char.charCodeAt(0))

/** A case with some bytes put in, taken out or changed. */
const mutated = (corpus: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> =>
  fc
    .tuple(
      fc.constantFrom(...corpus),
      fc.array(fc.tuple(fc.nat(300), fc.constantFrom('put', 'take', 'change'), fc.oneof(fc.constantFrom(...TRICKY), fc.nat(255))), {
        maxLength: 4,
      }),
    )
    .map(([bytes, edits]) => {
      const out = [...bytes]
      for (const [place, how, code] of edits) {
        const at = place % (out.length + 1)
        if (how === 'put') out.splice(at, 0, code)
        else if (how === 'take') out.splice(at, 1)
        else if (at < out.length) out[at] = code
      }
      return Uint8Array.from(out)
    })

const cuts = fc.array(fc.nat(400), { maxLength: 5 })

for (const [what, corpus, make] of [
  ['requests', requests, () => new RequestParser()],
  ['replies', replies, () => new ReplyParser()],
] as const) {
  test(`${what}: however the bytes are cut, the same comes of them, and nothing is thrown`, () => {
    fc.assert(
      fc.property(mutated(corpus), cuts, (bytes, places) => {
        const whole = tellEvents(make(), bytes)
        const within = [...new Set(places.filter((place) => place < bytes.length))].toSorted((a, b) => a - b)
        expect(tellEvents(make(), bytes, within)).toEqual(whole)
        expect(tellEvents(make(), bytes, [...bytes.keys()].slice(1))).toEqual(whole)
      }),
      { numRuns: 2000 },
    )
  })
}

test('any bytes at all are refused or read, never thrown at', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(tellEvents(new RequestParser(), bytes)).toBeInstanceOf(Array)
      expect(tellEvents(new ReplyParser(), bytes)).toBeInstanceOf(Array)
    }),
    { numRuns: 2000 },
  )
})

const name = fc.stringMatching(/^[a-z][a-z0-9_-]{0,12}$/).filter((text) => !STEERING.has(text))
const value = fc.stringMatching(/^(?:[!-~\u00a1-\u00ff](?:[ -~]{0,20}[!-~])?)?$/)
const pairs = fc.array(fc.tuple(name, value), { maxLength: 12 })
const STEERING = new Set(['host', 'connection', 'te', 'trailer', 'upgrade', 'expect', 'keep-alive', 'proxy-connection', 'cookie'])

test('a request that was read and written again is the same request', () => {
  fc.assert(
    fc.property(pairs, fc.webPath({ size: 'small' }), fc.boolean(), (headers, path, chunked) => {
      const lines = headers.map(([one, is]) => `${one}: ${is}\r\n`).join('')
      const framing = chunked ? 'Transfer-Encoding: chunked\r\n' : ''
      const first = new RequestParser()
      const bytes = Uint8Array.from(Buffer.from(`PUT /${path.replace(/^\//, '')} HTTP/1.1\r\nHost: a\r\n${lines}${framing}\r\n`, 'latin1'))
      expect(first.step(bytes, 0)).toBe('head')
      const out = new Output(16)
      writeRequestHead(out, first.head)
      const second = new RequestParser()
      expect(second.step(out.written, 0)).toBe('head')
      expect(second.head.headers().filter(([one]) => one !== 'transfer-encoding')).toEqual([['host', 'a'], ...headers])
      expect([second.head.path, second.head.framing]).toEqual([first.head.path, first.head.framing])
    }),
    { numRuns: 500 },
  )
})

test('headers that are set are read as they were set', () => {
  fc.assert(
    fc.property(pairs, pairs, (sent, set) => {
      const first = new ReplyParser()
      first.step(Buffer.from(`HTTP/1.1 200 OK\r\n${sent.map(([one, is]) => `${one}: ${is}\r\n`).join('')}\r\n`, 'latin1'), 0)
      for (const [one, is] of set) expect(first.head.set(one, is)).toBe(true)
      const out = new Output()
      writeReplyHead(out, first.head)
      const second = new ReplyParser()
      expect(second.step(out.written, 0)).toBe('head')
      const wanted = new Map(set)
      for (const [one, is] of wanted) expect([first.head.header(one), second.head.header(one)]).toEqual([is, is])
      expect(second.head.headers().filter(([one]) => !wanted.has(one))).toEqual(sent.filter(([one]) => !wanted.has(one)))
    }),
    { numRuns: 500 },
  )
})

test('a body that was cut into chunks is the same body', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 }), cuts, (pieces, places) => {
      const out = new Output()
      out.text('POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n')
      for (const piece of pieces) writeChunk(out, piece)
      writeLastChunk(out, [['x-sum', '1']])
      const parser = new RequestParser()
      const body: number[] = []
      const ends = [...new Set(places.filter((place) => place < out.length))].toSorted((a, b) => a - b)
      let from = 0
      for (const to of [...ends, out.length]) {
        for (let at = from; ; at = parser.at) {
          const step = parser.step(out.bytes, at, to)
          if (step === 'body') body.push(...out.bytes.subarray(parser.bodyStart, parser.bodyEnd))
          if (step === 'more' || step === 'end') break
          expect(step).not.toBe('bad')
        }
        from = to
      }
      expect(Uint8Array.from(body)).toEqual(Uint8Array.from(pieces.flatMap((piece) => [...piece])))
      expect(parser.trailers).toEqual([['x-sum', '1']])
    }),
    { numRuns: 300 },
  )
})
