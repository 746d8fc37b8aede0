import { expect, test } from 'vitest'
import { Arena } from './native/arena.ts'
import { readAddress, writeAddress } from './socket-address.ts'

const there = (address: string, port = 80): unknown => {
  const arena = new Arena()
  return writeAddress(arena, { address, port }) === undefined ? undefined : readAddress(arena)
}

test.each([
  ['127.0.0.1', '127.0.0.1'],
  ['255.254.0.9', '255.254.0.9'],
  ['::', '::'],
  ['::1', '::1'],
  ['fe80::1:0:0:2', 'fe80::1:0:0:2'],
  ['2001:DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ['1:0:2:3:4:5:6:7', '1:0:2:3:4:5:6:7'],
  ['1::', '1::'],
  ['::ffff:10.1.2.3', '10.1.2.3'],
  ['64:ff9b::10.1.2.3', '64:ff9b::a01:203'],
])('%s comes back as %s', (address, told) => {
  expect(there(address, 65_535)).toEqual({ address: told, port: 65_535 })
})

test.each(['', 'localhost', '1.2.3', '1.2.3.4.5', ':::', 'fe80::1%eth0', '1.2.3.256'])('%o is no address', (address) => {
  expect(there(address)).toBeUndefined()
})
