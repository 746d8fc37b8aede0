import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Output } from '../../h1/output.ts'
import { HpackDecoder, type FieldSink } from './decoder.ts'
import { HpackEncoder } from './encoder.ts'
import { decodeHuffman, encodeHuffman, huffmanLength } from './huffman.ts'
import { CODES } from './huffman-code.ts'
import { IntegerReader, writeInteger } from './integer.ts'

type Field = readonly [name: string, value: string]

class Fields implements FieldSink {
  readonly all: Field[] = []
  /** The same, as the entries of the tables tell it. */
  readonly texts: Field[] = []
  field: FieldSink['field'] = (field) => {
    this.all.push([field.name.text, field.value.text])
    this.texts.push([field.nameText, field.valueText])
    return true
  }
}

const hex = (text: string) => Uint8Array.from(text.replaceAll(/\s/g, '').match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
const decoder = (maxTableBytes = 4096) => new HpackDecoder({ maxTableBytes, maxTextBytes: 8192 })

function decoded(by: HpackDecoder, block: Uint8Array): readonly Field[] | undefined {
  const fields = new Fields()
  const whole = by.decode(block, 0, block.length, fields)
  expect(fields.texts).toEqual(fields.all)
  return whole ? fields.all : undefined
}

const REQUESTS: readonly (readonly Field[])[] = [
  [
    [':method', 'GET'],
    [':scheme', 'http'],
    [':path', '/'],
    [':authority', 'www.example.com'],
  ],
  [
    [':method', 'GET'],
    [':scheme', 'http'],
    [':path', '/'],
    [':authority', 'www.example.com'],
    ['cache-control', 'no-cache'],
  ],
  [
    [':method', 'GET'],
    [':scheme', 'https'],
    [':path', '/index.html'],
    [':authority', 'www.example.com'],
    ['custom-key', 'custom-value'],
  ],
]

test.each([
  [
    'plain (RFC 7541 C.3)',
    [
      '828684410f7777772e6578616d706c652e636f6d',
      '828684be58086e6f2d6361636865',
      '828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565',
    ],
  ],
  [
    'Huffman coded (RFC 7541 C.4)',
    ['828684418cf1e3c2e5f23a6ba0ab90f4ff', '828684be5886a8eb10649cbf', '828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf'],
  ],
])('requests of the standard, %s', (_how, blocks) => {
  const own = decoder()
  expect(blocks.map((block) => decoded(own, hex(block)))).toEqual(REQUESTS)
})

test('replies of the standard, in a table that has to let entries go (RFC 7541 C.6)', () => {
  const own = decoder(256)
  const blocks = [
    '488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b97c8e9ae82ae43d3',
    '4883640effc1c0bf',
    '88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7b335dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007',
  ]
  const replies = blocks.map((block) => decoded(own, hex(block)))
  expect(replies[0]).toEqual([
    [':status', '302'],
    ['cache-control', 'private'],
    ['date', 'Mon, 21 Oct 2013 20:13:21 GMT'],
    ['location', 'https://www.example.com'],
  ])
  expect(replies[1]?.[0]).toEqual([':status', '307'])
  expect(replies[2]?.at(-1)).toEqual(['set-cookie', 'foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1'])
})

const text = fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)), maxLength: 60 })
const name = fc.oneof(
  fc.constantFrom(':path', ':method', 'cookie', 'x-request-id', 'accept', 'authorization', 'date'),
  fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/),
)

test('what one end writes the other reads, block after block, whatever sizes the table takes', () => {
  const block = fc.record({
    fields: fc.array(fc.tuple(name, text), { maxLength: 12 }),
    allow: fc.option(fc.integer({ min: 0, max: 8192 })),
  })
  fc.assert(
    fc.property(fc.array(block, { maxLength: 12 }), (blocks) => {
      const encoder = new HpackEncoder(4096)
      const own = decoder()
      for (const { fields, allow } of blocks) {
        if (allow !== null) encoder.allow(allow)
        const out = new Output()
        encoder.begin(out)
        for (const [key, value] of fields) encoder.text(out, key, value)
        expect(decoded(own, out.written)).toEqual(fields)
      }
    }),
  )
})

test('what comes again costs a byte; secrets are never remembered', () => {
  const encoder = new HpackEncoder(4096)
  const size = (key: string, value: string) => {
    const out = new Output()
    encoder.text(out, key, value)
    return out.length
  }
  expect([size('user-agent', 'curl/8'), size('user-agent', 'curl/8')]).toEqual([7, 1])
  expect(size('authorization', 'Bearer abc')).toBe(size('authorization', 'Bearer abc'))
  const out = new Output()
  encoder.text(out, 'authorization', 'Bearer abc')
  expect((out.written[0] as number) & 0xf0).toBe(0x10)
})

test('the Huffman code round-trips each byte, and is as long as it says', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const out = new Output()
      encodeHuffman(bytes, 0, bytes.length, out)
      expect(out.length).toBe(huffmanLength(bytes, 0, bytes.length))
      const room = { bytes: new Uint8Array(bytes.length), at: 0, limit: bytes.length }
      expect(decodeHuffman(out.written, 0, out.length, room)).toBe(true)
      expect(room.bytes).toEqual(bytes)
    }),
  )
  // The longest code of the standard's table.
  expect(CODES[10]).toBe(0x3ffffffc)
})

test.each([
  ['index 0', '80'],
  ['an index behind both tables', 'be'],
  ['an integer without an end', 'ffffffffffffff'],
  ['an integer that is too large', 'ffffffffff0f'],
  ['a text that is longer than its block', '400a6375'],
  ['a block that ends in a name', '40'],
  ['padding of zeros', '40 81 18 01 61'],
  ['padding of eight ones', '40 82 1f ff 01 61'],
  ['the end-of-string code', '40 84 ffffffff 01 61'],
  ['a table larger than was allowed', '3fe21f'],
  ['a change of the table behind a field', '82 20'],
  ['three changes of the table', '20 20 20 82'],
])('%s is refused', (_what, block) => {
  expect(decoded(decoder(), hex(block))).toBeUndefined()
})

test('any bytes are read or refused, without an exception', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 80 }), { maxLength: 5 }), (blocks) => {
      const own = decoder(128)
      for (const block of blocks) expect(decoded(own, block) ?? []).toBeInstanceOf(Array)
    }),
    { numRuns: 2000 },
  )
})

test('a small block does not become a large text', () => {
  const own = new HpackDecoder({ maxTableBytes: 4096, maxTextBytes: 100 })
  const out = new Output()
  new HpackEncoder(4096).text(out, 'a', '0'.repeat(101))
  expect(decoded(own, out.written)).toBeUndefined()
})

test('integers round-trip at any prefix', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0x0fff_ffff }), fc.integer({ min: 4, max: 7 }), (value, bits) => {
      const out = new Output()
      writeInteger(out, 0, bits, value)
      const reader = new IntegerReader()
      expect(reader.read(out.written, 0, out.length, bits)).toBe(value)
      expect(reader.next).toBe(out.length)
    }),
  )
})
