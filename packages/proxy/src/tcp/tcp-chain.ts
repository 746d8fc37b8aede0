import type { AuthzDecision } from '@mesh/core/engine'
import type { Downstream } from '../listen/downstream.ts'
import type { TcpChain } from '../state/listener-plan.ts'
import { startTcp } from './tcp-proxy.ts'

/** Serves a connection on a TCP chain; `head` was already read from it. */
export function startTcpChain(downstream: Downstream, chain: TcpChain, head: Uint8Array): void {
  const verdict = judge(downstream, chain)
  if (!verdict.allowed) return deny(downstream, chain, verdict)
  const { listener, engine, filter } = chain
  startTcp(downstream, {
    listener,
    engine,
    clusters: filter.clusters,
    idleTimeoutMs: filter.idleTimeoutMs,
    maxConnectionDurationMs: filter.maxConnectionDurationMs,
    accessLog: filter.accessLog,
    permitted: () => stillPermitted(downstream),
    onOpen: () => head,
  })
}

function stillPermitted(downstream: Downstream): boolean {
  const { chain } = downstream
  return chain?.kind === 'tcp' && downstream.permitted && judge(downstream, chain).allowed
}

function judge(downstream: Downstream, chain: TcpChain): AuthzDecision {
  return chain.authorizer.authorize(undefined, downstream.peer)
}

function deny(downstream: Downstream, { listener, engine, filter }: TcpChain, verdict: Extract<AuthzDecision, { allowed: false }>): void {
  const { counters, observer } = downstream.context
  counters.tcpRbacDenied++
  const cluster = filter.clusters[0]?.cluster
  const cause = (verdict.policy ?? verdict.filter.policies[0])?.origin
  const facts = { downstream, listener, engine, accessLog: filter.accessLog, requestId: undefined, cluster, upstream: undefined }
  const nothing = { transportFailure: undefined, bytesReceived: 0, bytesSent: 0, durationMs: 0 }
  observer.tcpClosed(facts, { flags: [], details: verdict.code, cause, ...nothing })
  downstream.conn.reset()
  downstream.ended()
}
