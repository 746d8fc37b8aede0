import type { Call, CallEnv } from '../call.ts'
import { CONTINUE, type Stage } from '../stage.ts'

const HEADER = 'x-request-id'
const MAX_LENGTH = 128

/** Keeps the caller's request id, or makes one (UUID version 4). */
export const keepRequestId: Stage = {
  name: 'request id',
  onHead(call) {
    const given = call.request.header(HEADER)
    if (given !== undefined && given.length <= MAX_LENGTH && given !== '') call.requestId = given
    else makeRequestId(call)
    return CONTINUE
  },
}

/** At an edge a stranger's id is not taken over. */
export const freshRequestId: Stage = {
  name: 'request id',
  onHead(call) {
    makeRequestId(call)
    return CONTINUE
  },
}

function makeRequestId(call: Call): void {
  const id = newRequestId(call.env)
  call.requestId = id
  call.request.set(HEADER, id)
}

/** A UUID of version 4. */
export function newRequestId(env: Pick<CallEnv, 'randomHex'>): string {
  const hex = env.randomHex(16)
  const variant = '89ab'[Number.parseInt(hex.charAt(16), 16) & 3] ?? '8'
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
