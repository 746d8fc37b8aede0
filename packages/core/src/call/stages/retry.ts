import type { MeshError } from '../../error/mesh-error.ts'
import type { RetryPolicy } from '../../view/route.ts'
import type { Call } from '../call.ts'
import { isRetriableError, isRetriableReply } from '../retry/retriable.ts'
import { addFlag } from '../add-flag.ts'
import { CONTINUE, type ReplyStep, type Stage } from '../stage.ts'

/** Tries again where the policy says so, the request allows it, and a slot is free. */
export const retry: Stage = {
  name: 'retry',
  onReplyHead(call) {
    const policy = call.forward?.retry
    return policy !== undefined && call.reply !== undefined && isRetriableReply(policy, call, call.reply) ? again(call, policy) : CONTINUE
  },
  onFailure(call, error: MeshError) {
    const policy = call.forward?.retry
    return policy !== undefined && isRetriableError(policy, call, error) ? again(call, policy) : CONTINUE
  },
  onDone(call) {
    if (call.retrySlot !== undefined) call.env.retrySlots?.give(call.retrySlot)
    call.retrySlot = undefined
  },
}

function again(call: Call, policy: RetryPolicy): ReplyStep {
  if (call.attempts > policy.attempts) {
    if (policy.attempts > 0) addFlag(call, 'URX')
    return CONTINUE
  }
  if (!takeSlot(call)) {
    addFlag(call, 'UO')
    return CONTINUE
  }
  return { kind: 'again', ms: backoffMs(call, policy) }
}

function takeSlot(call: Call): boolean {
  const { cluster, env } = call
  if (call.retrySlot !== undefined || cluster === undefined || env.retrySlots === undefined) return true
  if (!env.retrySlots.take(cluster)) return false
  call.retrySlot = cluster
  return true
}

/** Full jitter: anything up to the base, doubled for each try, up to the maximum. */
function backoffMs({ env, attempts }: Call, policy: RetryPolicy): number {
  const ceiling = Math.min(policy.backoffMaxMs, policy.backoffBaseMs * 2 ** (attempts - 1))
  return Math.floor(env.chance() * ceiling)
}
