import { generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto'
import { TOKEN_LIFETIME_S } from './limits.ts'

const ISSUER = 'https://mesh.localhost'
const AUDIENCE = 'istio-ca'

/** Plays the platform that vouches for its workloads: signs their tokens, and publishes the key to verify them with. */
export interface TokenIssuer {
  /** JWK set (RFC 7517). */
  readonly jwks: string
  /** A token of a workload's service account (RFC 7519), valid for an hour; `nowMs` is Unix time. */
  issue(account: { readonly namespace: string; readonly name: string }, nowMs: number): string
}

/** A new issuer; its private key never leaves this process. */
export function createTokenIssuer(): TokenIssuer {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const kid = randomUUID()
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig' }
  return {
    jwks: `${JSON.stringify({ keys: [jwk] }, undefined, 2)}\n`,
    issue: (account, nowMs) => issue({ key: privateKey, kid, account, nowS: Math.floor(nowMs / 1000) }),
  }
}

function issue(of: { key: KeyObject; kid: string; account: { namespace: string; name: string }; nowS: number }): string {
  const head = encode({ alg: 'ES256', typ: 'JWT', kid: of.kid })
  const claims = encode({
    iss: ISSUER,
    sub: `system:serviceaccount:${of.account.namespace}:${of.account.name}`,
    aud: [AUDIENCE],
    iat: of.nowS,
    nbf: of.nowS,
    exp: of.nowS + TOKEN_LIFETIME_S,
    jti: randomUUID(),
  })
  // JWS wants the plain r || s, not DER (RFC 7518, section 3.4).
  const signature = sign('sha256', Buffer.from(`${head}.${claims}`), { key: of.key, dsaEncoding: 'ieee-p1363' })
  return `${head}.${claims}.${signature.toString('base64url')}`
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
