import { expect, test } from 'vitest'
import { compileCidr, parseIp } from './ip.ts'

const holds = (block: string, address: string): boolean | undefined => {
  const [base = '', prefix = ''] = block.split('/')
  const words = parseIp(address)
  return words === undefined ? undefined : compileCidr({ address: base, prefix: Number(prefix) })?.(words)
}

test('an address is in a block when its first bits agree', () => {
  expect(holds('10.0.0.0/8', '10.255.0.1')).toBe(true)
  expect(holds('10.0.0.0/8', '11.0.0.1')).toBe(false)
  expect(holds('10.1.2.3/32', '10.1.2.3')).toBe(true)
  expect(holds('0.0.0.0/0', '203.0.113.9')).toBe(true)
  expect(holds('192.168.128.0/17', '192.168.127.255')).toBe(false)
  expect(holds('fd00::/8', 'fd12:3456::1')).toBe(true)
  expect(holds('2001:db8::/33', '2001:db8:8000::')).toBe(false)
})

test('an IPv4 address mapped into IPv6 is that IPv4 address', () => {
  expect(holds('10.0.0.0/8', '::ffff:10.0.0.1')).toBe(true)
  expect(holds('::ffff:10.0.0.0/104', '10.0.0.1')).toBe(true)
})

test('families do not mix, and what is no address is told', () => {
  expect(holds('0.0.0.0/0', '::1')).toBe(false)
  expect(['1.2.3', '1.2.3.256', '01.2.3.4', '1::2::3', 'g::', '1:2:3:4:5:6:7:8:9', ''].map((text) => parseIp(text))).toEqual(
    Array(7).fill(undefined),
  )
  expect(compileCidr({ address: '10.0.0.0', prefix: 33 })).toBeUndefined()
})
