import { addFlag } from '../add-flag.ts'
import type { Call } from '../call.ts'
import { CONTINUE, type Stage, type Step } from '../stage.ts'
import { replyWith } from './reply.ts'

/** Delays a share of the requests. */
export const faultDelay: Stage = {
  name: 'fault delay',
  onHead(call): Step {
    const delay = call.route?.fault?.delay
    if (delay === undefined || !byChance(call, delay.partsPerMillion)) return CONTINUE
    addFlag(call, 'DI')
    call.cause = delay.origin ?? call.route?.origin
    return delay.ms > 0 ? { kind: 'wait', ms: delay.ms } : CONTINUE
  },
}

/** Answers a share of the requests with an error. */
export const faultAbort: Stage = {
  name: 'fault abort',
  onHead(call): Step {
    const abort = call.route?.fault?.abort
    if (abort === undefined || !byChance(call, abort.partsPerMillion)) return CONTINUE
    const cause = abort.origin ?? call.route?.origin
    return replyWith({ status: abort.status, flag: 'FI', details: 'fault_filter_abort', body: 'fault filter abort', cause })
  },
}

function byChance({ env }: Call, partsPerMillion: number): boolean {
  return partsPerMillion >= 1_000_000 || (partsPerMillion > 0 && env.chance() * 1_000_000 < partsPerMillion)
}
