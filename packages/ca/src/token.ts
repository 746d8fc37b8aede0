import { readFile, stat } from 'node:fs/promises'
import { createLocalJWKSet, errors, jwtVerify, type JSONWebKeySet, type JWTPayload } from 'jose'
import { CLOCK_SKEW_S, JWKS_SETTLE_MS, MAX_JWKS_BYTES, MAX_TOKEN_BYTES, MAX_TOKEN_LIFE_S } from './limits.ts'

/** The service account that a token speaks for. */
export interface Account {
  readonly namespace: string
  readonly serviceAccount: string
}

export type VerifiedToken = { readonly kind: 'account'; readonly account: Account } | { readonly kind: 'refused'; readonly reason: string }

/** Verifies tokens of workloads; never throws. */
export type VerifyToken = (token: string) => Promise<VerifiedToken>

const AUDIENCE = 'istio-ca'
/** Asymmetric only: with a shared secret, or none, anybody could sign. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA']
const SUBJECT = /^system:serviceaccount:([a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?):([a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?)$/

/** A verifier by the JWK set (RFC 7517) in a file, which is read again when it changes. */
export function tokenVerifier(jwksFile: string): VerifyToken {
  const keys = keySetOf(jwksFile)
  return async (token) => {
    if (token.length > MAX_TOKEN_BYTES) return refused('the token is too long')
    try {
      const keySet = await keys()
      const { payload } = await jwtVerify(token, keySet, {
        audience: AUDIENCE,
        algorithms: ALGORITHMS,
        requiredClaims: ['exp', 'iat', 'sub', 'aud'],
        clockTolerance: CLOCK_SKEW_S,
        maxTokenAge: MAX_TOKEN_LIFE_S,
      })
      return accountOf(payload)
    } catch (error) {
      return refused(
        error instanceof errors.JOSEError ? `the token is refused: ${error.message}` : 'the keys to verify tokens with cannot be read',
      )
    }
  }
}

function accountOf(payload: JWTPayload): VerifiedToken {
  const { exp = 0, iat = 0, sub } = payload
  if (exp - iat > MAX_TOKEN_LIFE_S) return refused(`the token lives longer than ${MAX_TOKEN_LIFE_S} s`)
  const [, namespace, serviceAccount] = (typeof sub === 'string' && SUBJECT.exec(sub)) || []
  if (namespace === undefined || serviceAccount === undefined) return refused('the subject of the token is no service account')
  return { kind: 'account', account: { namespace, serviceAccount } }
}

type KeySet = ReturnType<typeof createLocalJWKSet>

function keySetOf(file: string): () => Promise<KeySet> {
  let known: { readonly stamp: string; readonly keySet: KeySet } | undefined
  return async () => {
    const { mtimeMs, size, ino } = await stat(file)
    const stamp = `${mtimeMs}:${size}:${ino}`
    if (known?.stamp === stamp) return known.keySet
    if (size > MAX_JWKS_BYTES) throw new Error(`${file} is too large`)
    const keySet = createLocalJWKSet(JSON.parse(await readFile(file, 'utf8')) as JSONWebKeySet)
    // A file that was written just now may be written again under the same stamp.
    if (Math.abs(Date.now() - mtimeMs) > JWKS_SETTLE_MS) known = { stamp, keySet }
    return keySet
  }
}

function refused(reason: string): VerifiedToken {
  return { kind: 'refused', reason }
}
