import { CONTINUE, type Stage } from '../stage.ts'
import { replyWith } from './reply.ts'

/** Asks the chain's policies; which one decided goes to the record, not to the caller. Where none let it in, that is the first of those that could. */
export const authorize: Stage = {
  name: 'authorize',
  onHead(call) {
    const decision = call.plan.authorizer.authorize(call.request, call.peer)
    if (decision.allowed) return CONTINUE
    const cause = (decision.policy ?? decision.filter.policies[0])?.origin
    return replyWith({ status: 403, flag: undefined, details: decision.code, body: 'RBAC: access denied', cause })
  },
}
