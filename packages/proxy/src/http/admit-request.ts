import type { ResponseFlag } from '@mesh/core/error'
import { underscored, type RequestHead } from '@mesh/wire'
import type { ProxyContext } from '../context.ts'
import type { Downstream } from '../listen/downstream.ts'
import type { HttpChain } from '../state/listener-plan.ts'
import { cutRequest } from './upgrade.ts'

/** What an edge does with header names that hold an underscore (Envoy `headers_with_underscores_action`). */
export type UnderscoreAction = 'reject' | 'drop' | 'allow'

/** Why a request is refused before it becomes a call. */
export interface Refusal {
  readonly status: number
  readonly details: string
  /** One plain sentence. */
  readonly body: string
  /** `DPE` when absent. */
  readonly flag?: ResponseFlag
  readonly headers?: readonly (readonly [name: string, value: string])[]
}

/** Takes what a hop may not pass on out of a request that is whole, and says what only the connection can tell; or refuses it. */
export function admitRequest(request: RequestHead, chain: HttpChain, downstream: Downstream): Refusal | undefined {
  if (downstream.context.overload.stopsRequests) return overloaded(downstream.context)
  cutRequest(request)
  if (request.authority === '') return NO_HOST
  // A forward proxy is told the scheme of the place that it is asked for; everybody else is reached by the one that is spoken.
  if (!chain.filter.forwardProxy) request.scheme = schemeOf(chain, downstream)
  return chain.filter.edge ? judgeNames(request, downstream.context) : undefined
}

/** Mesh TLS between sidecars is not seen by either application. */
function schemeOf({ chain, filter }: HttpChain, { conn }: Downstream): 'http' | 'https' {
  return conn.tls !== undefined && (filter.edge || chain.tls?.mode === 'file') ? 'https' : 'http'
}

/** Before anything is done for it. */
function overloaded({ counters }: ProxyContext): Refusal {
  counters.overloadRequestsRefused++
  return OVERLOADED
}

function judgeNames(request: RequestHead, { underscores, counters }: ProxyContext): Refusal | undefined {
  if (underscores === 'allow') return undefined
  const found = underscored(request, underscores === 'drop')
  if (found === 0) return undefined
  if (underscores === 'drop') counters.downstreamUnderscoresDropped += found
  else counters.downstreamUnderscoresRejected++
  return underscores === 'drop' ? undefined : UNDERSCORE
}

const OVERLOADED: Refusal = {
  status: 503,
  flag: 'OM',
  details: 'overload',
  body: 'This proxy has used up the memory that it may use (memoryLimit): it takes no new requests until some is free.',
  headers: [['x-envoy-overloaded', 'true']],
}

const NO_HOST: Refusal = { status: 400, details: 'http1.missing-host', body: 'The Host header is missing.' }

const UNDERSCORE: Refusal = {
  status: 400,
  details: 'http1.unexpected_underscore',
  body: 'A header name holds an underscore. Write it with a hyphen.',
}
