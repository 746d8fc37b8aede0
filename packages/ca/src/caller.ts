import { parseSpiffeId } from '@mesh/core/identity'
import { spiffeId as spiffeIdOf } from '@mesh/core/view'
import type { RpcContext } from '@mesh/rpc'
import { attestedAtMs, certificatesOf, verifyChain } from '@mesh/x509'
import type { VerifyToken } from './token.ts'

/** Who asks for a certificate. */
export type Caller =
  | {
      readonly kind: 'caller'
      readonly spiffeId: string
      /** When a token last proved it, Unix milliseconds. */
      readonly attestedAtMs: number
      /** When a certificate must have ended that this proof leads to. */
      readonly untilMs: number
    }
  | { readonly kind: 'refused'; readonly reason: string }

export interface CallerOptions {
  readonly verifyToken: VerifyToken
  readonly trustDomain: string
  readonly rootPem: string
  /** How long after a token a certificate alone is a proof; 0: never. */
  readonly renewWithoutTokenS: number
  /** Unix milliseconds. */
  readonly now: () => number
}

/** A token proves who calls; without one, a certificate of this authority does, for a while after its holder last showed a token. */
export async function callerOf(context: Pick<RpcContext, 'header' | 'peer' | 'certificate'>, options: CallerOptions): Promise<Caller> {
  const authorization = context.header('authorization')
  if (authorization === undefined) return fromCertificate(context, options)
  const [, token] = /^Bearer ([\w.~+/=-]+)$/.exec(authorization) ?? []
  if (token === undefined) return refused('send the token as "authorization: Bearer <token>"')
  const verified = await options.verifyToken(token)
  if (verified.kind === 'refused') return verified
  const spiffeId = spiffeIdOf({ trustDomain: options.trustDomain, ...verified.account })
  return { kind: 'caller', spiffeId, attestedAtMs: options.now(), untilMs: Infinity }
}

function fromCertificate({ peer, certificate }: Pick<RpcContext, 'peer' | 'certificate'>, options: CallerOptions): Caller {
  const { trustDomain, rootPem, renewWithoutTokenS, now } = options
  const { principal } = peer
  if (principal === undefined || certificate === undefined) return refused('there is neither a token nor a client certificate')
  if (renewWithoutTokenS === 0) return refused('a certificate alone proves nothing here: send a token')
  if (parseSpiffeId(principal)?.trustDomain !== trustDomain)
    return refused(`the client certificate is not of the trust domain ${trustDomain}`)
  const refusal = verifyChain({ chain: [certificate], roots: certificatesOf(rootPem), nowMs: now() })
  if (refusal !== undefined) return refused(`the client certificate is refused: ${refusal}`)
  return sinceToken(principal, attestedAtMs(certificate), renewWithoutTokenS * 1000, now())
}

/** However often a certificate renews itself, its holder must show a token in the end. */
function sinceToken(spiffeId: string, attested: number | undefined, forMs: number, nowMs: number): Caller {
  if (attested === undefined) return refused('the client certificate does not tell when its holder last showed a token: send one')
  const untilMs = attested + forMs
  return nowMs < untilMs
    ? { kind: 'caller', spiffeId, attestedAtMs: attested, untilMs }
    : refused(`the holder of the client certificate last showed a token ${new Date(attested).toISOString()}: send one`)
}

function refused(reason: string): Caller {
  return { kind: 'refused', reason }
}
