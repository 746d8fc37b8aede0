import { X509Certificate } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { testAuthority } from './testdata/pki.ts'
import { spiffeIdOfCertificate, uriSans } from './uri-sans.ts'

const authority = testAuthority()

function certificateOf(...uris: string[]): Uint8Array {
  return new X509Certificate(authority.issue(...uris).certChainPem).raw
}

test('the SPIFFE id is the one URI name of a certificate', () => {
  expect(spiffeIdOfCertificate(certificateOf('spiffe://cluster.local/ns/default/sa/reviews'))).toBe(
    'spiffe://cluster.local/ns/default/sa/reviews',
  )
})

test('a certificate with two URI names, or with none, has no SPIFFE id', () => {
  expect(uriSans(certificateOf('spiffe://a/one', 'spiffe://a/two'))).toEqual(['spiffe://a/one', 'spiffe://a/two'])
  expect(spiffeIdOfCertificate(certificateOf('spiffe://a/one', 'spiffe://a/two'))).toBeUndefined()
  expect(spiffeIdOfCertificate(new X509Certificate(authority.rootPem).raw)).toBeUndefined()
})

test('a name of another scheme is no SPIFFE id', () => {
  expect(spiffeIdOfCertificate(certificateOf('https://cluster.local/ns/default/sa/reviews'))).toBeUndefined()
})

test('a name with a comma, a NUL or a quote inside is one name, or none', () => {
  expect(uriSans(certificateOf('spiffe://a/x,URI:spiffe://a/admin'))).toEqual(['spiffe://a/x,URI:spiffe://a/admin'])
  expect(uriSans(certificateOf('spiffe://a/admin\0.evil'))).toBeUndefined()
})

test('bytes that are no certificate give nothing, whatever they are', () => {
  const good = certificateOf('spiffe://a/one')
  fc.assert(
    fc.property(fc.nat(good.length - 1), fc.nat(255), (at, value) => {
      const broken = Uint8Array.from(good)
      broken[at] = value
      uriSans(broken)
      uriSans(broken.subarray(0, at))
    }),
  )
  expect(uriSans(good.subarray(0, 40))).toBeUndefined()
  expect(uriSans(new Uint8Array(1 << 20))).toBeUndefined()
})
