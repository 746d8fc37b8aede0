import { describe, expect, test } from 'vitest'
import { parseDuration } from './duration.ts'
import { isCidr, isDnsName, isIp } from './host.ts'

describe('a duration', () => {
  test.each([
    ['5s', 5000],
    ['1h30m', 5_400_000],
    ['1.5s', 1500],
    ['100ms', 100],
    ['250us', 0.25],
    ['0', 0],
    ['0s', 0],
  ])('%s is %d ms', (text, ms) => expect(parseDuration(text)).toBe(ms))

  test.each(['', '5', 's', '-1s', '5 s', '5sec', '1s garbage', '999999999h', '1'.repeat(100)])('%j is none', (text) => {
    expect(parseDuration(text)).toBeUndefined()
  })
})

describe('addresses and names', () => {
  test.each(['10.0.0.1', '255.255.255.255', '::', '::1', 'fe80::1', '2001:db8:0:0:0:0:2:1', '::ffff:10.0.0.1'])(
    '%s is an address',
    (text) => {
      expect(isIp(text)).toBe(true)
      expect(isCidr(text)).toBe(true)
    },
  )
  test.each([
    '10.0.0',
    '256.0.0.1',
    '01.2.3.4',
    '1.2.3.010',
    '10.0.0.1.',
    '1::2::3',
    '12345::',
    '::g',
    ':',
    '1:2:3:4:5:6:7:8:9',
    '[::1]',
    '',
  ])('%j is none', (text) => {
    expect(isIp(text)).toBe(false)
  })
  test.each(['10.0.0.0/8', '0.0.0.0/0', '::/0', 'fd00::/64'])('%s is a block', (text) => expect(isCidr(text)).toBe(true))
  test.each(['10.0.0.0/33', '10.0.0.0/-1', '10.0.0.0/', '::/129', 'a/8'])('%j is no block', (text) => expect(isCidr(text)).toBe(false))
  test.each(['reviews', 'reviews.default.svc.cluster.local', 'a.b.', 'under_score.example'])('%s is a name', (text) =>
    expect(isDnsName(text)).toBe(true),
  )
  test.each(['', '.', 'a..b', '-a', 'a-', 'a b', `${'a'.repeat(64)}.b`, 'a/b'])('%j is no name', (text) =>
    expect(isDnsName(text)).toBe(false),
  )
})
