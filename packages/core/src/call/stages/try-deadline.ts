import { CONTINUE, type Stage } from '../stage.ts'

/** Bounds one try by the policy's `perTryTimeout`. */
export const tryDeadline: Stage = {
  name: 'try deadline',
  onHead(call) {
    const tryMs = call.forward?.retry?.perTryTimeoutMs ?? 0
    if (tryMs > 0) call.tryDeadlineMs = call.env.now() + tryMs
    return CONTINUE
  },
}
