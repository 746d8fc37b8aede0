import type { AuthzDecision } from '@mesh/core/engine'
import type { Downstream } from '../listen/downstream.ts'
import type { TcpChain } from '../state/listener-plan.ts'
import { startTcp } from './tcp-proxy.ts'

/** Serves a connection on a TCP chain; `head` was already read from it. */
export function startTcpChain(downstream: Downstream, chain: TcpChain, head: Uint8Array): void {
  const verdict = judge(downstream, chain)
  if (!verdict.allowed) return deny(downstream, chain, verdict.code)
  const { listener, engine, filter } = chain
  startTcp(downstream, {
    listener,
    engine,
    clusters: filter.clusters,
    idleTimeoutMs: filter.idleTimeoutMs,
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

function deny(downstream: Downstream, { listener, filter }: TcpChain, code: string): void {
  const { counters, observer } = downstream.context
  counters.tcpRbacDenied++
  const facts = { downstream, listener, accessLog: filter.accessLog, cluster: filter.clusters[0]?.cluster, upstream: undefined }
  observer.tcpClosed(facts, { flags: [], details: code, transportFailure: undefined, bytesReceived: 0, bytesSent: 0, durationMs: 0 })
  downstream.conn.reset()
  downstream.ended()
}
