import { createPublicKey, verify } from 'node:crypto'
import { expect, test } from 'vitest'
import { createTokenIssuer } from './token-issuer.ts'

const NOW_MS = 1_800_000_000_000

function partsOf(token: string): { signed: string; signature: Buffer; head: Record<string, unknown>; claims: Record<string, unknown> } {
  const [head = '', claims = '', signature = ''] = token.split('.')
  const parse = (part: string): Record<string, unknown> => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>
  return { signed: `${head}.${claims}`, signature: Buffer.from(signature, 'base64url'), head: parse(head), claims: parse(claims) }
}

test('a token says whose it is and for whom, and lives an hour', () => {
  const { claims, head } = partsOf(createTokenIssuer().issue({ namespace: 'default', name: 'bookinfo-reviews' }, NOW_MS))
  expect(head).toMatchObject({ alg: 'ES256', typ: 'JWT' })
  expect(claims).toMatchObject({
    sub: 'system:serviceaccount:default:bookinfo-reviews',
    aud: ['istio-ca'],
    iat: NOW_MS / 1000,
    exp: NOW_MS / 1000 + 3600,
  })
})

test('the published key verifies it, and has no private part', () => {
  const issuer = createTokenIssuer()
  const { signed, signature, head } = partsOf(issuer.issue({ namespace: 'default', name: 'a' }, NOW_MS))
  const { keys } = JSON.parse(issuer.jwks) as { keys: [import('node:crypto').webcrypto.JsonWebKey & { kid: string }] }
  const key = createPublicKey({ key: keys[0], format: 'jwk' })
  expect(keys[0].kid).toBe(head['kid'])
  expect(verify('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }, signature)).toBe(true)
  expect(verify('sha256', Buffer.from(`${signed}x`), { key, dsaEncoding: 'ieee-p1363' }, signature)).toBe(false)
  expect(keys[0]).not.toHaveProperty('d')
})

test('two issuers do not vouch for each other', () => {
  expect(createTokenIssuer().jwks).not.toBe(createTokenIssuer().jwks)
})
