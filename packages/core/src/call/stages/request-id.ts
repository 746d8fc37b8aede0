import type { Call } from '../call.ts'
import { CONTINUE, type Stage } from '../stage.ts'

const HEADER = 'x-request-id'
const MAX_LENGTH = 128

/** Keeps the caller's request id, or makes one. */
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
  const id = call.env.randomUuid()
  call.requestId = id
  call.request.set(HEADER, id)
}
