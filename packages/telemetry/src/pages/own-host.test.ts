import { expect, test } from 'vitest'
import { isOwnHost } from './own-host.ts'

test.each(['localhost', 'localhost:15014', '127.0.0.1', '127.64.0.2:15014', '10.0.0.7:80', '[::1]', '[::1]:15014'])(
  '%j is this machine',
  (host) => {
    expect(isOwnHost(host)).toBe(true)
  },
)

test.each([
  undefined,
  '',
  'evil.example',
  'evil.example:15014',
  'localhost.evil.example',
  '127.0.0.1.evil.example',
  '127.0.0.1@evil.example',
  '::1',
  '[evil]',
  '[127.0.0.1]',
  '127.1',
  'localhost:80:80',
])('%j may be anybody', (host) => {
  expect(isOwnHost(host)).toBe(false)
})
