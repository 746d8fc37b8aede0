import { IstioCertificateService, implement, RpcError, type RpcContext, type RpcService } from '@mesh/rpc'
import { parseSpiffeId } from '@mesh/core/identity'
import { spiffeId as spiffeIdOf } from '@mesh/core/view'
import { readCsr } from '@mesh/x509'
import type { Authority } from './authority.ts'
import { BURST_PER_CALLER, MAX_CALLERS, MAX_WORKLOAD_TTL_S, REFILL_MS } from './limits.ts'
import { rateLimit } from './rate-limit.ts'
import type { VerifyToken } from './token.ts'

export interface SignerOptions {
  readonly authority: Authority
  readonly verifyToken: VerifyToken
  readonly trustDomain: string
  /** Life of a certificate whose caller asks for none. */
  readonly ttlS: number
  /** Unix milliseconds. */
  readonly now: () => number
  readonly audit: (event: SignEvent) => void
}

/** What was asked, by whom, and what became of it. */
export interface SignEvent {
  readonly outcome: 'issued' | 'unauthenticated' | 'limited' | 'bad-request'
  readonly caller: string | undefined
  readonly address: string
  readonly reason?: string
  readonly notAfterMs?: number
}

/** Istio's certificate service: the id comes from who the caller has proven to be, never from what the request asks for. */
export function certificateService(options: SignerOptions): RpcService {
  const allowed = rateLimit({ burst: BURST_PER_CALLER, refillMs: REFILL_MS, maxCallers: MAX_CALLERS })
  return implement(IstioCertificateService, {
    createCertificate: async (request, context) => {
      const { address } = context.peer
      const refuse = (outcome: SignEvent['outcome'], caller: string | undefined, error: RpcError): never => {
        options.audit({ outcome, caller, address, reason: error.message })
        throw error
      }
      const who = await callerOf(context, options)
      if (who.kind === 'refused') return refuse('unauthenticated', undefined, new RpcError('UNAUTHENTICATED', who.reason))
      const { spiffeId } = who
      if (!allowed(spiffeId, options.now()))
        return refuse('limited', spiffeId, new RpcError('RESOURCE_EXHAUSTED', 'too many certificates were asked for, try again later'))
      const read = await readCsr(request.csr)
      if (read.kind === 'refused') return refuse('bad-request', spiffeId, new RpcError('INVALID_ARGUMENT', read.reason))
      if (read.csr.uris.some((uri) => uri !== spiffeId))
        return refuse(
          'bad-request',
          spiffeId,
          new RpcError('PERMISSION_DENIED', `the certificate request asks for another name than ${spiffeId}`),
        )
      const issued = await options.authority.issue({
        spiffeId,
        publicKeyDer: read.csr.publicKeyDer,
        nowMs: options.now(),
        ttlMs: lifeOf(request.validityDuration, options.ttlS) * 1000,
      })
      options.audit({ outcome: 'issued', caller: spiffeId, address, notAfterMs: issued.notAfterMs })
      return { certChain: [issued.certificatePem, options.authority.rootPem] }
    },
  })
}

type Caller = { readonly kind: 'caller'; readonly spiffeId: string } | { readonly kind: 'refused'; readonly reason: string }

/** A token proves who calls; without one, a certificate of this authority that is still valid does (renewal). */
async function callerOf({ header, peer }: RpcContext, { verifyToken, trustDomain }: SignerOptions): Promise<Caller> {
  const authorization = header('authorization')
  if (authorization === undefined) return fromCertificate(peer.principal, trustDomain)
  const [, token] = /^Bearer ([\w.~+/=-]+)$/.exec(authorization) ?? []
  if (token === undefined) return { kind: 'refused', reason: 'send the token as "authorization: Bearer <token>"' }
  const verified = await verifyToken(token)
  if (verified.kind === 'refused') return verified
  return { kind: 'caller', spiffeId: spiffeIdOf({ trustDomain, ...verified.account }) }
}

function fromCertificate(principal: string | undefined, trustDomain: string): Caller {
  if (principal === undefined) return { kind: 'refused', reason: 'there is neither a token nor a client certificate' }
  return parseSpiffeId(principal)?.trustDomain === trustDomain
    ? { kind: 'caller', spiffeId: principal }
    : { kind: 'refused', reason: `the client certificate is not of the trust domain ${trustDomain}` }
}

/** Seconds: as asked, within bounds. */
function lifeOf(asked: bigint, ttlS: number): number {
  return asked <= 0n ? ttlS : Number(asked > BigInt(MAX_WORKLOAD_TTL_S) ? MAX_WORKLOAD_TTL_S : asked)
}
