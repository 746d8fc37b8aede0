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
}

/** Takes what a hop may not pass on out of a request that is whole, and says what only the connection can tell; or refuses it. */
export function admitRequest(request: RequestHead, chain: HttpChain, downstream: Downstream): Refusal | undefined {
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

function judgeNames(request: RequestHead, { underscores, counters }: ProxyContext): Refusal | undefined {
  if (underscores === 'allow') return undefined
  const found = underscored(request, underscores === 'drop')
  if (found === 0) return undefined
  if (underscores === 'drop') counters.downstreamUnderscoresDropped += found
  else counters.downstreamUnderscoresRejected++
  return underscores === 'drop' ? undefined : UNDERSCORE
}

const NO_HOST: Refusal = { status: 400, details: 'http1.missing-host', body: 'The Host header is missing.' }

const UNDERSCORE: Refusal = {
  status: 400,
  details: 'http1.unexpected_underscore',
  body: 'A header name holds an underscore. Write it with a hyphen.',
}
