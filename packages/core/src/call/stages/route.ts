import { REGEX_WORK_EXCEEDED } from '../../engine/decision.ts'
import { CONTINUE, type Stage } from '../stage.ts'
import { answerHere } from './answer-here.ts'
import { replyWith } from './reply.ts'

/** Finds the route; one that redirects or responds answers here. */
export const route: Stage = {
  name: 'route',
  onHead(call) {
    const { plan, request, peer } = call
    const decision = plan.routes?.route(request, peer)
    call.decision = decision
    if (decision === undefined || decision.kind === 'none')
      return replyWith({ ...(decision?.code === REGEX_WORK_EXCEEDED ? TOO_COSTLY : NOT_FOUND), cause: decision?.host?.origin })
    call.route = decision.route
    const { action } = decision.route
    if (action.kind !== 'forward') return replyWith(answerHere(call, decision.route, action))
    call.forward = action
    return CONTINUE
  },
}

const NOT_FOUND = { status: 404, flag: 'NR', details: 'route_not_found', body: 'no route for this host and path' } as const
const TOO_COSTLY = { status: 431, flag: 'DPE', details: REGEX_WORK_EXCEEDED, body: 'path or headers are too long to be matched' } as const
