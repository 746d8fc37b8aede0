import { CONTINUE, type Stage } from '../stage.ts'
import { replyWith } from './reply.ts'

/** Asks the chain's policies; which one decided goes to the record, not to the caller. */
export const authorize: Stage = {
  name: 'authorize',
  onHead(call) {
    const decision = call.plan.authorizer.authorize(call.request, call.peer)
    if (decision.allowed) return CONTINUE
    return replyWith({ status: 403, flag: undefined, details: decision.code, body: 'RBAC: access denied' })
  },
}
