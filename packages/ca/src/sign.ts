import { IstioCertificateService, implement, RpcError, type RpcCode, type RpcContext, type RpcService } from '@mesh/rpc'
import { readCsr, type Issued } from '@mesh/x509'
import type { Authority } from './authority.ts'
import { callerOf, type Caller } from './caller.ts'
import { BURST_PER_CALLER, MAX_CALLERS, REFILL_MS } from './limits.ts'
import { rateLimit } from './rate-limit.ts'
import type { VerifyToken } from './token.ts'

export interface SignerOptions {
  readonly authority: Authority
  readonly verifyToken: VerifyToken
  readonly trustDomain: string
  /** Life of a certificate whose caller asks for none. */
  readonly ttlS: number
  /** The longest life that may be asked for. */
  readonly maxTtlS: number
  /** How long after a token a certificate alone is a proof; 0: never. */
  readonly renewWithoutTokenS: number
  /** Unix milliseconds. */
  readonly now: () => number
  readonly audit: (event: SignEvent) => void
}

/** What was asked, by whom, and what became of it. */
export interface SignEvent {
  readonly outcome: 'issued' | 'unauthenticated' | 'limited' | 'bad-request' | 'failed'
  readonly caller: string | undefined
  readonly address: string
  readonly reason?: string
  readonly notAfterMs?: number
}

/** Istio's certificate service: the id comes from who the caller has proven to be, never from what the request asks for. */
export function certificateService(options: SignerOptions): RpcService {
  const { authority, audit, now } = options
  const allowed = rateLimit({ burst: BURST_PER_CALLER, refillMs: REFILL_MS, maxCallers: MAX_CALLERS })
  const answer = async (request: SignRequest, context: RpcContext, who: Asking): Promise<Issued> => {
    const caller = await callerOf(context, { ...options, rootPem: authority.rootPem })
    if (caller.kind === 'refused') throw new Refusal('unauthenticated', 'UNAUTHENTICATED', caller.reason)
    who.caller = caller.spiffeId
    if (!allowed(caller.spiffeId, now()))
      throw new Refusal('limited', 'RESOURCE_EXHAUSTED', 'too many certificates were asked for, try again later')
    const ttlMs = lifeOf(request.validityDuration, options) * 1000
    const publicKeyDer = await keyOf(request.csr, caller)
    return issue(publicKeyDer, caller, ttlMs, options)
  }
  return implement(IstioCertificateService, {
    createCertificate: async (request, context) => {
      const who: Asking = { caller: undefined, address: context.peer.address }
      try {
        const { certificatePem, notAfterMs } = await answer(request, context, who)
        audit({ outcome: 'issued', ...who, notAfterMs })
        return { certChain: [certificatePem, authority.rootPem] }
      } catch (error) {
        audit({ outcome: error instanceof Refusal ? error.outcome : 'failed', ...who, reason: reasonOf(error) })
        throw error
      }
    },
  })
}

interface SignRequest {
  readonly csr: string
  /** Seconds. */
  readonly validityDuration: bigint
}

interface Asking {
  caller: string | undefined
  readonly address: string
}

type Proven = Extract<Caller, { kind: 'caller' }>

class Refusal extends RpcError {
  readonly outcome: SignEvent['outcome']

  constructor(outcome: SignEvent['outcome'], code: RpcCode, message: string) {
    super(code, message)
    this.outcome = outcome
  }
}

/** Seconds: as asked, when that is not too long. */
function lifeOf(asked: bigint, { ttlS, maxTtlS }: SignerOptions): number {
  if (asked <= 0n) return ttlS
  if (asked <= BigInt(maxTtlS)) return Number(asked)
  throw new Refusal('bad-request', 'INVALID_ARGUMENT', `a life of ${asked} s is asked for, and at most ${maxTtlS} s can be had`)
}

async function keyOf(csr: string, { spiffeId }: Proven): Promise<Uint8Array<ArrayBuffer>> {
  const read = await readCsr(csr)
  if (read.kind === 'refused') throw new Refusal('bad-request', 'INVALID_ARGUMENT', read.reason)
  if (read.csr.uris.some((uri) => uri !== spiffeId))
    throw new Refusal('bad-request', 'PERMISSION_DENIED', `the certificate request asks for another name than ${spiffeId}`)
  return read.csr.publicKeyDer
}

async function issue(publicKeyDer: Uint8Array<ArrayBuffer>, caller: Proven, ttlMs: number, options: SignerOptions): Promise<Issued> {
  const { spiffeId, attestedAtMs, untilMs } = caller
  const nowMs = options.now()
  if (nowMs >= options.authority.notAfterMs) throw new Refusal('failed', 'UNAVAILABLE', 'the root certificate has expired')
  return options.authority.issue({ spiffeId, publicKeyDer, nowMs, attestedAtMs, ttlMs: Math.min(ttlMs, untilMs - nowMs) })
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
