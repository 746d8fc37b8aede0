import { expect, test } from 'vitest'
import { askedPlace } from './asked-place.ts'

test('a place is a name or an address, with or without a port', () => {
  expect(askedPlace('Example.ORG')).toEqual({ host: 'example.org', port: 80 })
  expect(askedPlace('example.org:8443')).toEqual({ host: 'example.org', port: 8443 })
  expect(askedPlace('[::1]:81')).toEqual({ host: '::1', port: 81 })
  expect(askedPlace('10.0.0.1', 443)).toEqual({ host: '10.0.0.1', port: 443 })
})

test('what is no place is refused', () => {
  for (const bad of ['', ':80', 'a:b', 'a:0', 'a:65536', 'a:80:90', 'user@[::1', '::1', 'a:999999']) expect(askedPlace(bad)).toBeUndefined()
})
