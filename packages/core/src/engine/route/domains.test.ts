import { expect, test } from 'vitest'
import { compileDomains } from './domains.ts'

const find = (domains: readonly string[], authority: string, scheme = 'http'): string | undefined =>
  compileDomains(domains.map((domain) => [[domain], domain] as const)).find(authority, scheme)

test('an exact domain beats suffixes, the longest suffix beats shorter ones, prefixes come last before any', () => {
  const domains = ['*', 'www.*', '*.com', '*.example.com', 'www.example.com']
  expect(find(domains, 'www.example.com')).toBe('www.example.com')
  expect(find(domains, 'a.example.com')).toBe('*.example.com')
  expect(find(domains, 'a.other.com')).toBe('*.com')
  expect(find(domains, 'www.example.org')).toBe('www.*')
  expect(find(domains, 'example.org')).toBe('*')
})

test('hosts compare without regard to case', () => {
  expect(find(['Reviews'], 'rEVIEWS')).toBe('Reviews')
})

test('a wildcard stands for at least one character', () => {
  expect(find(['*.example.com'], '.example.com')).toBeUndefined()
  expect(find(['www.*'], 'www.')).toBeUndefined()
})

test('the port of the scheme may be left out or written', () => {
  expect(find(['reviews:80'], 'reviews')).toBe('reviews:80')
  expect(find(['reviews'], 'reviews:80')).toBe('reviews')
  expect(find(['reviews:443'], 'reviews', 'https')).toBe('reviews:443')
})

test('another port is ignored only where no domain of that host names one', () => {
  expect(find(['bookinfo.example'], 'bookinfo.example:8080')).toBe('bookinfo.example')
  expect(find(['reviews', 'reviews:9080'], 'reviews:9999')).toBeUndefined()
  expect(find(['*.example.com', '*.example.com:9080'], 'a.example.com:9999')).toBeUndefined()
  expect(find(['[::1]'], '[::1]:8080')).toBe('[::1]')
})

test('the first host keeps a domain that is named twice', () => {
  const table = compileDomains([
    [['a'], 1],
    [['a'], 2],
  ])
  expect(table.find('a', 'http')).toBe(1)
})
