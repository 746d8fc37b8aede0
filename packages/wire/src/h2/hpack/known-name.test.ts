import { expect, test } from 'vitest'
import { Output } from '../../h1/output.ts'
import { HpackDecoder } from './decoder.ts'
import { HpackEncoder } from './encoder.ts'

const decoder = () => new HpackDecoder({ maxTableBytes: 4096, maxTextBytes: 8192 })

function readBack(by: HpackDecoder, block: Uint8Array): readonly string[] | undefined {
  const fields: string[] = []
  const sink = {
    field: ({
      name,
      value,
      never,
    }: {
      readonly name: { readonly text: string }
      readonly value: { readonly text: string }
      readonly never: boolean
    }) => fields.push(`${name.text}: ${value.text}${never ? ' (never)' : ''}`) > 0,
  }
  return by.decode(block, 0, block.length, sink) ? fields : undefined
}

test('names in any case are the same name', () => {
  const [encoder, own] = [new HpackEncoder(4096), decoder()]
  const line = Buffer.from('X-Custom-Name: some value')
  const out = new Output()
  encoder.field(out, encoder.names.in(line, 0, 13), line, 15, line.length)
  const once = out.length
  encoder.text(out, 'x-custom-name', 'some value')
  expect(out.length - once).toBe(1)
  encoder.field(out, encoder.names.in(Buffer.from('x-CUSTOM-name'), 0, 13), line, 15, line.length)
  expect(out.length - once).toBe(2)
  expect(readBack(own, out.written)).toEqual(Array.from({ length: 3 }, () => 'x-custom-name: some value'))
})

test('more names than are remembered, and more fields than the table holds, are read as they were written', () => {
  const [encoder, own] = [new HpackEncoder(4096), decoder()]
  for (let round = 0; round < 3; round++) {
    for (let name = 0; name < 300; name++) {
      const out = new Output()
      const fields: readonly (readonly [string, string])[] = [
        [`x-made-up-${name}`, `value ${name % 7}`],
        ['x-request-id', `id-${round}-${name}`],
        ['user-agent', `agent ${name % 3}`],
        [':status', name % 2 === 0 ? '200' : '404'],
      ]
      for (const [key, value] of fields) encoder.text(out, key, value)
      expect(readBack(own, out.written)).toEqual(fields.map(([key, value]) => `${key}: ${value}`))
    }
  }
})

test('the name of values that hardly repeat is written out once, and the values are not remembered', () => {
  const encoder = new HpackEncoder(4096)
  const size = (value: string): number => {
    const out = new Output()
    encoder.text(out, 'x-request-id', value)
    return out.length
  }
  const first = size('0123456789')
  expect(size('9876543210')).toBeLessThan(first)
  expect(size('9876543210')).toBe(size('9876543210'))
  expect(size('9876543210')).toBeGreaterThan(10)
})

test('a field that came as one that no table may hold goes on as one, whatever was known of it', () => {
  const [encoder, own] = [new HpackEncoder(4096), decoder()]
  const out = new Output()
  encoder.text(out, 'x-key', 'secret')
  encoder.text(out, 'x-key', 'secret', true)
  encoder.text(out, 'x-key', 'other', true)
  encoder.text(out, 'x-key', 'other')
  expect(readBack(own, out.written)).toEqual(['x-key: secret', 'x-key: secret (never)', 'x-key: other (never)', 'x-key: other'])
})

test('a field that the table let go of is not referred to any more', () => {
  const [encoder, own] = [new HpackEncoder(4096), decoder()]
  const write = (name: string, value: string): readonly string[] | undefined => {
    const out = new Output()
    encoder.text(out, name, value)
    return readBack(own, out.written)
  }
  expect(write('server', 'istio-envoy')).toEqual(['server: istio-envoy'])
  for (let field = 0; field < 10; field++) write(`x-${field}`, 'x'.repeat(1000))
  expect(write('server', 'istio-envoy')).toEqual(['server: istio-envoy'])
})
