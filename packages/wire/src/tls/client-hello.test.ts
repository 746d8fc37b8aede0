import { readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { sniffClientHello } from './client-hello.ts'

/** As OpenSSL 3.5 sent it, asking for a name and two protocols. */
const HELLO = Uint8Array.from(
  Buffer.from(readFileSync(new URL('testdata/openssl-client-hello.base64', import.meta.url), 'utf8').replaceAll(/\s/g, ''), 'base64'),
)
const OFFER = { kind: 'tls', sni: 'outbound_.9080_._.reviews.default.svc.cluster.local', alpn: ['istio', 'h2'] }

test('a ClientHello tells the name and the protocols that it asks for', () => {
  expect(sniffClientHello(HELLO)).toEqual(OFFER)
  expect(sniffClientHello(Buffer.concat([HELLO, Buffer.from('what follows')]))).toEqual(OFFER)
})

test('until it is complete, more is asked for', () => {
  for (let size = 0; size < HELLO.length; size++) expect(sniffClientHello(HELLO.subarray(0, size))).toEqual({ kind: 'more' })
})

test('a ClientHello may be spread over records', () => {
  const body = HELLO.subarray(5)
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 200 }), (size) => {
      const records: Buffer[] = []
      for (let at = 0; at < body.length; at += size) {
        const piece = body.subarray(at, at + size)
        records.push(Buffer.from([22, 3, 1, piece.length >> 8, piece.length & 255]), Buffer.from(piece))
      }
      expect(sniffClientHello(Buffer.concat(records))).toEqual(OFFER)
    }),
    { numRuns: 50 },
  )
})

test('what is no TLS is plain from its first bytes', () => {
  for (const text of ['G', 'GET / HTTP/1.1\r\n', '\x16\x02', '*1\r\n', '\x80\x2e\x01', '\0'])
    expect(sniffClientHello(Buffer.from(text, 'latin1'))).toEqual({ kind: 'plain' })
})

test('what begins like TLS and is no ClientHello is bad', () => {
  const changed = (at: number, ...codes: number[]): Uint8Array => {
    const bytes = HELLO.slice()
    bytes.set(codes, at)
    return bytes
  }
  const serverHello = changed(5, 2)
  const emptyRecord = changed(3, 0, 0)
  const largeRecord = changed(3, 0xff, 0xff)
  const endless = changed(6, 0xff)
  const longSession = changed(43, 255)
  for (const bytes of [serverHello, emptyRecord, largeRecord, endless, longSession])
    expect(sniffClientHello(bytes)).toEqual({ kind: 'bad' })
})

test('a name that is none is bad', () => {
  const at = Buffer.from(HELLO).indexOf('outbound_')
  for (const code of [0, 10, 32, 47, 200]) {
    const bytes = HELLO.slice()
    bytes[at] = code
    expect(sniffClientHello(bytes)).toEqual({ kind: 'bad' })
  }
})

test('whatever is changed, nothing is thrown', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(HELLO.length - 1), fc.nat(255)), { maxLength: 8 }), fc.nat(HELLO.length), (edits, size) => {
      const bytes = HELLO.slice(0, size)
      for (const [at, code] of edits) if (at < size) bytes[at] = code
      expect(['more', 'plain', 'bad', 'tls']).toContain(sniffClientHello(bytes).kind)
    }),
    { numRuns: 3000 },
  )
})
