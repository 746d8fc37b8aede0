import type { Call } from '../call.ts'
import { CONTINUE, type Stage } from '../stage.ts'

const WANTED = 'x-envoy-upstream-rq-timeout-ms'
const EXPECTED = 'x-envoy-expected-rq-timeout-ms'
/** The longest time that a caller may ask for: a day. */
const MAX_WANTED_MS = 86_400_000

/** Bounds all tries together by the route's timeout. */
export const deadline: Stage = {
  name: 'deadline',
  onHead(call) {
    bound(call, call.route?.timeoutMs ?? 0)
    return CONTINUE
  },
}

/** The same where the application behind the sidecar may ask for another time in a header. */
export const deadlineAsAsked: Stage = {
  name: 'deadline',
  onHead(call) {
    const asked = call.request.header(WANTED)
    const timeoutMs = asked === undefined ? undefined : readMs(asked)
    if (asked !== undefined) call.request.remove(WANTED)
    bound(call, timeoutMs ?? call.route?.timeoutMs ?? 0)
    return CONTINUE
  },
}

/** The upstream is told how long it has for one try. */
function bound(call: Call, timeoutMs: number): void {
  if (timeoutMs > 0) call.deadlineMs = call.env.now() + timeoutMs
  const tryMs = call.forward?.retry?.perTryTimeoutMs ?? 0
  const expected = tryMs > 0 && (timeoutMs === 0 || tryMs < timeoutMs) ? tryMs : timeoutMs
  if (expected > 0) call.request.set(EXPECTED, String(expected))
}

function readMs(text: string): number | undefined {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : undefined
  return value === undefined ? undefined : Math.min(value, MAX_WANTED_MS)
}
