import type { Peer } from '../engine/request.ts'
import type { Call, CallEnv, ChainPlan, MutableHead } from './call.ts'

export interface NewCall {
  readonly env: CallEnv
  readonly plan: ChainPlan
  readonly peer: Peer
  readonly request: MutableHead
  readonly hasBody: boolean
}

/** A call at its beginning. The driver clears `bodyReplayable` when it can no longer send the body again. */
export function newCall({ env, plan, peer, request, hasBody }: NewCall): Call {
  return {
    env,
    plan,
    peer,
    request,
    hasBody,
    startMs: env.now(),
    startWallMs: env.wallClock(),
    originalPath: request.path,
    originalAuthority: request.authority,
    decision: undefined,
    route: undefined,
    forward: undefined,
    target: undefined,
    cluster: undefined,
    endpoint: undefined,
    deadlineMs: undefined,
    tryDeadlineMs: undefined,
    attempts: 0,
    tried: [],
    retrySlot: undefined,
    bodyReplayable: true,
    reply: undefined,
    localReply: undefined,
    error: undefined,
    flags: [],
    details: '',
    cause: undefined,
    requestId: undefined,
    trace: undefined,
  }
}
