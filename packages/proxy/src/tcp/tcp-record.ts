import type { CallRecord, PeerLabels } from '@mesh/core/call'
import type { Listener } from '@mesh/core/view'
import { serverLabels } from '../observe/server-labels.ts'
import type { TcpEnd, TcpFacts } from '../observe/observer.ts'

/** The record of a TCP connection; while it lasts, `end` is undefined. */
export function tcpRecord(facts: TcpFacts, labels: (mutualTls: boolean) => PeerLabels, end: TcpEnd | undefined): CallRecord {
  const { downstream, listener, upstream } = facts
  const { peer, context } = downstream
  const inbound = listener.direction === 'inbound'
  const server = upstream?.endpoint.workload
  const mutualTls = inbound ? downstream.mutualTls : upstream?.principal !== undefined
  const durationMs = end?.durationMs ?? 0
  return {
    reporter: reporterOf(listener),
    protocol: 'tcp',
    startMs: context.env.wallClock() - durationMs,
    durationMs,
    method: '',
    path: '',
    authority: '',
    version: '',
    status: 0,
    flags: end?.flags ?? [],
    details: end?.details ?? '',
    transportFailure: end?.transportFailure,
    bytesReceived: end?.bytesReceived ?? 0,
    bytesSent: end?.bytesSent ?? 0,
    requestHeadBytes: 0,
    replyHeadBytes: 0,
    attempts: upstream === undefined ? 0 : 1,
    upstreamMs: undefined,
    forwardedFor: undefined,
    userAgent: undefined,
    requestId: facts.requestId,
    routeName: '',
    cluster: upstream?.cluster.name ?? facts.cluster,
    service: upstream?.cluster.service,
    upstreamRemote: upstream === undefined ? undefined : `${upstream.conn.remoteAddress}:${upstream.conn.remotePort}`,
    upstreamLocal: upstream === undefined ? undefined : `${upstream.conn.localAddress}:${upstream.conn.localPort}`,
    downstreamLocal: downstream.localPlace,
    downstreamRemote: downstream.remotePlace,
    sni: peer.sni,
    mutualTls,
    self: labels(mutualTls),
    peer: inbound ? downstream.labels : server === undefined ? undefined : serverLabels(server, upstream?.principal),
    trace: undefined,
    snapshot: facts.engine.view.snapshot,
    routeOrigin: undefined,
    cause: end?.cause,
    failure: undefined,
    madeHere: end !== undefined && upstream === undefined,
  }
}

/** Only the receiving side reports as destination; a gateway is a source. */
export function reporterOf(listener: Listener): CallRecord['reporter'] {
  return listener.direction === 'inbound' ? 'destination' : 'source'
}
