import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ipBytes, ipText } from './ip.ts'

test.each([
  ['10.1.2.3', [10, 1, 2, 3]],
  ['::', Array(16).fill(0)],
  ['::1', [...Array(15).fill(0), 1]],
  ['2001:db8::ff00:42:8329', [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0xff, 0, 0, 0x42, 0x83, 0x29]],
])('%s', (text, bytes) => {
  expect([...ipBytes(text)]).toEqual(bytes)
  expect(ipText(Uint8Array.from(bytes))).toBe(text)
})

test('any IPv6 address comes back as the same address, shortened by RFC 5952', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
      expect(ipBytes(ipText(bytes))).toEqual(bytes)
    }),
  )
  expect(ipText(ipBytes('2001:db8:0:0:1:0:0:1'))).toBe('2001:db8::1:0:0:1')
  expect(ipText(ipBytes('1:0:3:4:5:6:7:8'))).toBe('1:0:3:4:5:6:7:8')
  expect(ipText(ipBytes('::ffff:10.0.0.1'))).toBe('::ffff:a00:1')
})

test('what is no address is refused', () => {
  expect(() => ipBytes('reviews')).toThrow('not an IP address')
  expect(() => ipText(new Uint8Array(5))).toThrow('5 bytes')
})
