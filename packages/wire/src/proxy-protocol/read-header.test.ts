import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MAX_PROXY_HEADER_BYTES, MAX_PROXY_LINE_BYTES } from '../limits.ts'
import { readProxyHeader } from './read-header.ts'
import { addressBytes, slowCrc32c, writeBinary, writeParts, writeText, writeTlv, type Ends, type Tlv } from './testdata/write-header.ts'

const ENDS: Ends = { source: '192.0.2.1', destination: '198.51.100.7', sourcePort: 51_234, destinationPort: 443 }
const ENDS6: Ends = { ...ENDS, source: '2001:db8:0:0:0:0:0:1', destination: '2001:db8:0:0:0:0:1:0' }
const TOLD = { kind: 'proxied', source: { address: '192.0.2.1', port: 51_234 }, destination: { address: '198.51.100.7', port: 443 } }
const TOLD6 = { kind: 'proxied', source: { address: '2001:db8::1', port: 51_234 }, destination: { address: '2001:db8::1:0', port: 443 } }
const line = (text: string) => readProxyHeader(Buffer.from(text, 'latin1'))
const fixedOf = (parts: Parameters<typeof writeParts>[0]) => readProxyHeader(writeParts(parts))
const body4 = Buffer.concat([addressBytes(ENDS.source), addressBytes(ENDS.destination), Buffer.from([0xc8, 0x22, 1, 0xbb])])
const withTlvs = (...tlvs: readonly Uint8Array[]) => fixedOf({ body: Buffer.concat([body4, ...tlvs]) })

describe('version 1', () => {
  test('tells the ends of a connection, and how many bytes it took', () => {
    for (const [ends, told] of [
      [ENDS, TOLD],
      [ENDS6, TOLD6],
    ] as const) {
      const header = writeText(ends)
      const expected = { ...told, taken: header.length }
      expect(readProxyHeader(header)).toEqual(expected)
      expect(readProxyHeader(Buffer.concat([header, Buffer.from('GET / HTTP/1.1\r\n')]))).toEqual(expected)
    }
  })

  test('UNKNOWN leaves the connection its own addresses, whatever follows', () => {
    expect(line('PROXY UNKNOWN\r\n')).toEqual({ kind: 'own', taken: 15 })
    const longest = `PROXY UNKNOWN ${'ffff:'.repeat(7)}ffff ${'ffff:'.repeat(7)}ffff 65535 65535\r\n`
    expect(longest.length).toBeLessThanOrEqual(MAX_PROXY_LINE_BYTES)
    expect(line(longest)).toEqual({ kind: 'own', taken: longest.length })
  })

  test.each([
    'GET / HTTP/1.1\r\n',
    'PROXX',
    'proxy TCP4 1.1.1.1 2.2.2.2 1 2\r\n',
    'PROXY TCP4 1.1.1.1 2.2.2.2 1 2\n',
    'PROXY TCP4 1.1.1.1 2.2.2.2 1 2\rX',
    'PROXY TCP4 1.1.1.1 2.2.2.2 1\r\n',
    'PROXY TCP4 1.1.1.1 2.2.2.2 1 2 3\r\n',
    'PROXY TCP4 1.1.1.1 2.2.2.2 1 2 \r\n',
    'PROXY  TCP4 1.1.1.1 2.2.2.2 1 2\r\n',
    'PROXY TCP4\t1.1.1.1 2.2.2.2 1 2\r\n',
    'PROXY TCP5 1.1.1.1 2.2.2.2 1 2\r\n',
    'PROXY UDP4 1.1.1.1 2.2.2.2 1 2\r\n',
    'PROXY UNKNOWNS\r\n',
    'PROXY \r\n',
    'PROXY TCP4 01.1.1.1 2.2.2.2 1 2\r\n',
    'PROXY TCP4 1.1.1 2.2.2.2 1 2\r\n',
    'PROXY TCP4 1.1.1.1. 2.2.2.2 1 2\r\n',
    'PROXY TCP4 1.1.1.256 2.2.2.2 1 2\r\n',
    'PROXY TCP4 0x1.1.1.1 2.2.2.2 1 2\r\n',
    'PROXY TCP4 ::1 ::2 1 2\r\n',
    'PROXY TCP6 1.1.1.1 2.2.2.2 1 2\r\n',
    'PROXY TCP6 1.1.1.1:: ::2 1 2\r\n',
    'PROXY TCP6 ::1::2 ::2 1 2\r\n',
    'PROXY TCP6 1:2:3:4:5:6:7 ::2 1 2\r\n',
    'PROXY TCP6 1:2:3:4:5:6:7:8:: ::2 1 2\r\n',
    'PROXY TCP6 fe80::1%eth0 ::2 1 2\r\n',
    'PROXY TCP6 12345::1 ::2 1 2\r\n',
    'PROXY TCP4 1.1.1.1 2.2.2.2 +1 2\r\n',
    'PROXY TCP4 1.1.1.1 2.2.2.2 -1 2\r\n',
    'PROXY TCP4 1.1.1.1 2.2.2.2 01 2\r\n',
    'PROXY TCP4 1.1.1.1 2.2.2.2 65536 2\r\n',
    'PROXY TCP4 1.1.1.1 2.2.2.2 1e3 2\r\n',
    'PROXY TCP4 1.1.1.1 2.2.2.2  2\r\n',
    'PROXY TCP4 0.0.0.0 2.2.2.2 1 2\r\n',
    'PROXY TCP4 255.255.255.255 2.2.2.2 1 2\r\n',
    'PROXY TCP4 1.1.1.1 224.0.0.1 1 2\r\n',
    'PROXY TCP6 :: ::2 1 2\r\n',
    'PROXY TCP6 ff02::1 ::2 1 2\r\n',
    'PROXY TCP6 ::ffff:0.0.0.0 ::2 1 2\r\n',
  ])('%j is refused', (text) => expect(line(text)).toEqual({ kind: 'bad' }))

  test('a line that does not end is refused at its bound', () => {
    const endless = `PROXY UNKNOWN ${'x'.repeat(MAX_PROXY_LINE_BYTES)}`
    expect(line(endless.slice(0, MAX_PROXY_LINE_BYTES - 1))).toEqual({ kind: 'more' })
    expect(line(endless.slice(0, MAX_PROXY_LINE_BYTES))).toEqual({ kind: 'bad' })
    expect(line(`${endless.slice(0, MAX_PROXY_LINE_BYTES - 1)}\r\n`)).toEqual({ kind: 'bad' })
    expect(line(`${endless.slice(0, MAX_PROXY_LINE_BYTES - 2)}\r\n`)).toEqual({ kind: 'own', taken: MAX_PROXY_LINE_BYTES })
  })
})

test('an IPv4 address in the clothes of IPv6 is told as what it is, in either version', () => {
  const told = { source: { address: '10.0.0.1', port: 1 }, destination: { address: '::1', port: 2 } }
  expect(line('PROXY TCP6 ::FFFF:10.0.0.1 ::1 1 2\r\n')).toMatchObject(told)
  expect(line('PROXY TCP6 0:0:0:0:0:ffff:a00:1 0::1 1 2\r\n')).toMatchObject(told)
  const ends = { source: '0:0:0:0:0:ffff:a00:1', destination: '0:0:0:0:0:0:0:1', sourcePort: 1, destinationPort: 2 }
  expect(readProxyHeader(writeBinary(ends))).toMatchObject(told)
})

describe('version 2', () => {
  test('tells the ends of a connection, with TLVs and a checksum or without', () => {
    const tlvs: readonly Tlv[] = [
      { type: 1, value: Buffer.from('h2') },
      { type: 4, value: new Uint8Array(0) },
      { type: 0xea, value: new Uint8Array(300) },
    ]
    for (const [ends, told] of [
      [ENDS, TOLD],
      [ENDS6, TOLD6],
    ] as const)
      for (const header of [writeBinary(ends), writeBinary(ends, tlvs), writeBinary(ends, [], true), writeBinary(ends, tlvs, true)])
        expect(readProxyHeader(Buffer.concat([header, Buffer.from([0x16, 3, 1])]))).toEqual({ ...told, taken: header.length })
  })

  test('LOCAL, UNSPEC and what is not TCP leave the connection its own addresses', () => {
    expect(fixedOf({ command: 0x20, family: 0 })).toEqual({ kind: 'own', taken: 16 })
    expect(fixedOf({ command: 0x20, family: 0x11, body: new Uint8Array(5) })).toEqual({ kind: 'own', taken: 21 })
    expect(fixedOf({ family: 0, body: new Uint8Array(7) })).toEqual({ kind: 'own', taken: 23 })
    expect(fixedOf({ family: 0x12, body: body4 })).toEqual({ kind: 'own', taken: 28 })
    expect(fixedOf({ family: 0x31, body: new Uint8Array(216) })).toEqual({ kind: 'own', taken: 232 })
  })

  test.each([
    ['another version', { command: 0x11 }],
    ['another command', { command: 0x22 }],
    ['another family', { family: 0x41 }],
    ['a family without a transport', { family: 0x10 }],
    ['a transport without a family', { family: 0x01 }],
    ['less than the addresses of IPv4', { body: new Uint8Array(11).fill(1) }],
    ['less than the addresses of IPv6', { family: 0x21, body: new Uint8Array(35).fill(1) }],
    ['less than the paths of UNIX sockets', { family: 0x31, body: new Uint8Array(215) }],
    ['no addresses', { length: 0 }],
    ['the address of nobody', { body: new Uint8Array(12) }],
    ['more than the bound', { length: MAX_PROXY_HEADER_BYTES - 16 + 1 }],
    ['as much as it can say', { length: 0xffff }],
    ['a LOCAL beyond the bound', { command: 0x20, length: 0xffff }],
  ])('%s is refused', (_what, parts) => expect(fixedOf(parts)).toEqual({ kind: 'bad' }))

  test('what is refused is refused as early as it is seen', () => {
    const early = writeParts({ length: 0xffff })
    expect(readProxyHeader(early.subarray(0, 15))).toEqual({ kind: 'more' })
    expect(readProxyHeader(early.subarray(0, 16))).toEqual({ kind: 'bad' })
    expect(readProxyHeader(writeParts({ family: 0x41 }).subarray(0, 14))).toEqual({ kind: 'bad' })
    expect(readProxyHeader(Buffer.from('\r\n\r\nGET', 'latin1'))).toEqual({ kind: 'bad' })
  })

  test('TLVs end where the header ends', () => {
    expect(withTlvs(Buffer.from([0xea, 0, 1, 7]))).toMatchObject(TOLD)
    for (const tlv of [[0xea], [0xea, 0], [0xea, 0, 1], [0xea, 0, 2, 7], [0xea, 0xff, 0xff, 7], [0xea, 0, 0, 7], [4, 0, 0, 4, 0]])
      expect(withTlvs(Buffer.from(tlv))).toEqual({ kind: 'bad' })
  })

  test('a checksum must be right, whole, and one', () => {
    const header = writeBinary(ENDS, [{ type: 0xea, value: Buffer.from('x') }], true)
    for (let at = 16; at < header.length; at++) {
      const changed = Buffer.from(header)
      changed[at] = (changed[at] as number) ^ 1
      const { kind } = readProxyHeader(changed)
      // A TLV that is called otherwise checks nothing.
      expect(kind).toBe(at === 28 ? 'proxied' : 'bad')
    }
    expect(withTlvs(writeTlv({ type: 3, value: new Uint8Array(3) }))).toEqual({ kind: 'bad' })
    expect(withTlvs(writeTlv({ type: 3, value: new Uint8Array(4) }))).toEqual({ kind: 'bad' })
    expect(readProxyHeader(writeBinary(ENDS, [{ type: 3, value: new Uint8Array(4) }], true))).toEqual({ kind: 'bad' })
    expect(slowCrc32c(Buffer.from('123456789'))).toBe(0xe3069283)
  })

  test('the longest header that is taken is as long as its bound', () => {
    const value = new Uint8Array(MAX_PROXY_HEADER_BYTES - 16 - 12 - 3)
    expect(readProxyHeader(writeBinary(ENDS, [{ type: 0xea, value }]))).toMatchObject({ taken: MAX_PROXY_HEADER_BYTES })
    expect(readProxyHeader(writeBinary(ENDS, [{ type: 0xea, value: new Uint8Array(value.length + 1) }]))).toEqual({ kind: 'bad' })
  })
})

/** Addresses that a host can have, as the encoder wants them. */
const address4 = fc.tuple(fc.integer({ min: 1, max: 223 }), fc.nat(255), fc.nat(255), fc.nat(255)).map((parts) => parts.join('.'))
const address6 = fc
  .array(fc.oneof(fc.constant(0), fc.nat(0xffff)), { minLength: 7, maxLength: 7 })
  .map((groups) => [0x2001, ...groups].map((group) => group.toString(16)).join(':'))
const port = fc.nat(65_535)
const ends = fc.oneof(address4, address6).chain((source) =>
  fc.record({
    source: fc.constant(source),
    destination: source.includes(':') ? address6 : address4,
    sourcePort: port,
    destinationPort: port,
  }),
)
const tlv = fc.record({ type: fc.nat(255).filter((type) => type !== 3), value: fc.uint8Array({ maxLength: 40 }) })
const header = fc.oneof(
  ends.map(writeText),
  fc.tuple(ends, fc.array(tlv, { maxLength: 5 }), fc.boolean()).map(([pair, tlvs, checksum]) => writeBinary(pair, tlvs, checksum)),
)

test('what was written is told, cut anywhere asks for more, and what stands behind is not looked at', () => {
  fc.assert(
    fc.property(ends, header, fc.uint8Array({ maxLength: 20 }), (pair, any, behind) => {
      const told = readProxyHeader(writeBinary(pair))
      if (told.kind !== 'proxied') throw new Error(told.kind)
      expect([told.source.port, told.destination.port]).toEqual([pair.sourcePort, pair.destinationPort])
      expect(readProxyHeader(writeText(pair))).toMatchObject({ source: told.source, destination: told.destination })
      const before = Uint8Array.from(any)
      const whole = readProxyHeader(any)
      expect(whole).toMatchObject({ kind: 'proxied', taken: any.length })
      const more = Buffer.concat([any, behind])
      expect(readProxyHeader(more)).toEqual(whole)
      expect(more).toEqual(Buffer.concat([before, behind]))
      for (let size = 0; size < any.length; size++) expect(readProxyHeader(more.subarray(0, size))).toEqual({ kind: 'more' })
    }),
    { numRuns: 200 },
  )
})

test('whatever is changed or sent, nothing is thrown, nothing beyond is taken, and it ends within its bounds', () => {
  const edits = fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { maxLength: 6 })
  fc.assert(
    fc.property(fc.oneof(header, fc.uint8Array({ maxLength: 60 })), edits, fc.nat(300), (written, changes, cut) => {
      const bytes = Uint8Array.from(written)
      for (const [at, code] of changes) if (at < bytes.length) bytes[at] = code
      const seen = readProxyHeader(bytes.subarray(0, cut))
      const taken = seen.kind === 'own' || seen.kind === 'proxied' ? seen.taken : 0
      expect(taken).toBeLessThanOrEqual(Math.min(cut, bytes.length))
      const long = new Uint8Array(MAX_PROXY_HEADER_BYTES).fill(0x20)
      long.set(bytes)
      expect(readProxyHeader(long).kind).not.toBe('more')
    }),
    { numRuns: 3000 },
  )
})
