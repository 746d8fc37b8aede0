import type { MeshError } from './mesh-error.ts'
import type { ResponseFlag } from './response-flag.ts'

/** What the caller of a failed request is told. */
export interface ErrorReply {
  readonly status: number
  readonly flag: ResponseFlag | undefined
  readonly details: string
  readonly body: string
}

/** The one table from an error to the reply that is made here for it. */
export function replyOf(error: MeshError): ErrorReply {
  const { flag, code: details } = error
  if (flag === undefined) return { status: STATUS_OF_FAULT[error.fault], flag, details, body: BODY_OF_FAULT[error.fault] }
  const [status, body] = BY_FLAG[flag]
  return { status, flag, details, body }
}

const BY_FLAG: Readonly<Record<ResponseFlag, readonly [status: number, body: string]>> = {
  UH: [503, 'no healthy upstream'],
  UF: [503, 'upstream connect error or disconnect/reset before headers. reset reason: connection failure'],
  UO: [503, 'upstream connect error or disconnect/reset before headers. reset reason: overflow'],
  NR: [404, 'no route for this host and path'],
  NC: [503, 'the destination of this route is not known'],
  URX: [503, 'upstream connect error or disconnect/reset before headers. reset reason: connection failure'],
  UT: [504, 'upstream request timeout'],
  UC: [503, 'upstream connect error or disconnect/reset before headers. reset reason: connection termination'],
  UR: [503, 'upstream connect error or disconnect/reset before headers. reset reason: remote reset'],
  UPE: [502, 'upstream connect error or disconnect/reset before headers. reset reason: protocol error'],
  LR: [503, 'upstream connect error or disconnect/reset before headers. reset reason: local reset'],
  DC: [400, 'the connection ended before the request was complete'],
  DPE: [400, 'the request is malformed'],
  DT: [408, 'the request took too long'],
  SI: [504, 'stream timeout'],
  DI: [503, 'fault filter abort'],
  FI: [503, 'fault filter abort'],
  RL: [429, 'too many requests'],
  UAEX: [403, 'access denied'],
  IH: [400, 'a header has an invalid value'],
  OM: [503, 'this proxy is overloaded'],
  DF: [503, 'no healthy upstream'],
}

const STATUS_OF_FAULT = { caller: 400, upstream: 503, local: 500, config: 503 } as const

const BODY_OF_FAULT = {
  caller: 'the request cannot be served',
  upstream: 'upstream connect error or disconnect/reset before headers',
  local: 'internal error',
  config: 'this destination is not configured',
} as const
