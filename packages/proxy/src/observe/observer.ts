import { isAddress } from '../pool/names.ts'
import { recordOf, type CallRecord, type LocalReply, type PeerLabels } from '@mesh/core/call'
import type { ResponseFlag } from '@mesh/core/error'
import type { Endpoint, Listener, NodeSelf, Tracing, View } from '@mesh/core/view'
import type { Counters } from '../counters.ts'
import type { Exchange } from '../http/exchange.ts'
import type { Downstream } from '../listen/downstream.ts'
import type { OpenedUpstream } from '../tcp/open-upstream.ts'
import { reporterOf, tcpRecord } from '../tcp/tcp-record.ts'
import { peerDirectory, selfLabels, type PeerDirectory } from './peer-labels.ts'
import { serverLabels } from './server-labels.ts'

/** Where records go. */
export interface RecordSinks {
  readonly metrics: {
    record(record: CallRecord): void
    tcpOpened(record: CallRecord): void
    tcpClosed(record: CallRecord): void
  }
  readonly accessLog: (record: CallRecord) => void
  /** For sampled calls of chains that say where spans go. */
  readonly span: (record: CallRecord, tracing: Tracing) => void
}

/** Writes one record per call and connection, and hands it to metrics, access log and tracing. */
export interface Observer {
  readonly directory: PeerDirectory
  /** Peers are named after this view from now on. */
  follow(view: View): void
  call(exchange: Exchange): void
  /** What came was no request. */
  malformed(downstream: Downstream, reply: LocalReply): void
  tcpOpened(facts: TcpFacts): void
  tcpClosed(facts: TcpFacts, end: TcpEnd): void
}

/** Who is connected to whom. */
export interface TcpFacts {
  readonly downstream: Downstream
  readonly listener: Listener
  readonly accessLog: boolean
  /** Where it was to go. */
  readonly cluster: string | undefined
  readonly upstream: OpenedUpstream | undefined
}

export interface TcpEnd {
  readonly flags: readonly ResponseFlag[]
  readonly details: string
  readonly transportFailure: string | undefined
  readonly bytesReceived: number
  readonly bytesSent: number
  readonly durationMs: number
}

/** Beginning of the details of a call that a policy refused. */
const DENIED = 'rbac_access_denied'

/** An observer that knows no peers until it follows a view. */
export function createObserver(init: { readonly self: NodeSelf; readonly sinks: RecordSinks; readonly counters: Counters }): Observer {
  const { self, sinks, counters } = init
  const options = { trustDomain: self.trustDomain, identity: self.identity }
  const proven = selfLabels(self)
  const unproven: PeerLabels = { ...proven, principal: undefined }
  const labels = (mutualTls: boolean): PeerLabels => (mutualTls ? proven : unproven)
  let directory = peerDirectory([], options)
  return {
    get directory() {
      return directory
    },
    follow(view) {
      directory = peerDirectory(view.workloads, options)
    },
    call(exchange) {
      const record = callRecord(exchange, labels)
      const { accessLog, tracing } = exchange.chain.filter
      sinks.metrics.record(record)
      if (record.details.startsWith(DENIED)) counters.rbacDenied++
      if (accessLog) sinks.accessLog(record)
      if (tracing !== undefined && record.trace?.sampled === true) sinks.span(record, tracing)
    },
    malformed(downstream, reply) {
      const { chain } = downstream
      const record = malformedRecord(downstream, reply, unproven)
      sinks.metrics.record(record)
      if (chain?.filter.accessLog === true) sinks.accessLog(record)
    },
    tcpOpened(facts) {
      sinks.metrics.tcpOpened(tcpRecord(facts, labels, undefined))
    },
    tcpClosed(facts, end) {
      const record = tcpRecord(facts, labels, end)
      if (facts.upstream !== undefined) sinks.metrics.tcpClosed(record)
      if (facts.accessLog) sinks.accessLog(record)
    },
  }
}

function callRecord(exchange: Exchange, labels: (mutualTls: boolean) => PeerLabels): CallRecord {
  const { call, attempt, context, chain } = exchange
  const { downstream } = exchange.sink
  const { peer } = downstream
  const inbound = chain.plan.listener.direction === 'inbound'
  const upstream = attempt?.conn
  const principal = upstream?.principal
  const mutualTls = inbound ? downstream.mutualTls : principal !== undefined
  const server = attempt?.endpoint?.workload
  return recordOf(call, {
    durationMs: context.io.timers.now() - call.startMs,
    version: exchange.request.version,
    status: exchange.replyStatus,
    bytesReceived: exchange.bytesReceived,
    bytesSent: exchange.bytesSent,
    requestHeadBytes: exchange.requestHeadBytes,
    replyHeadBytes: exchange.replyHeadBytes,
    upstreamMs: exchange.upstreamMs,
    upstreamRemote: upstream?.remotePlace ?? placeTried(attempt?.endpoint),
    upstreamLocal: upstream?.localPlace,
    downstreamLocal: downstream.localPlace,
    downstreamRemote: downstream.remotePlace,
    transportFailure: exchange.transportFailure,
    sni: peer.sni,
    mutualTls,
    self: labels(mutualTls),
    peer: inbound ? downstream.labels : server === undefined ? undefined : serverLabels(server, principal),
  })
}

/** Where a try was meant to go that never got a connection; a name was then never resolved. */
function placeTried(endpoint: Endpoint | undefined): string | undefined {
  if (endpoint === undefined || !isAddress(endpoint.address)) return undefined
  return `${endpoint.address}:${endpoint.port}`
}

/** A request that could not be read is counted too: its caller got an answer. */
function malformedRecord(downstream: Downstream, reply: LocalReply, self: PeerLabels): CallRecord {
  const { context, listener } = downstream
  return {
    reporter: reporterOf(listener.plan.listener),
    protocol: 'http',
    startMs: context.env.wallClock(),
    durationMs: 0,
    method: '-',
    path: '-',
    authority: '-',
    version: 'HTTP/1.1',
    status: reply.status,
    flags: reply.flag === undefined ? [] : [reply.flag],
    details: reply.details,
    transportFailure: undefined,
    bytesReceived: 0,
    bytesSent: reply.body.length,
    requestHeadBytes: 0,
    replyHeadBytes: 0,
    attempts: 0,
    upstreamMs: undefined,
    forwardedFor: undefined,
    userAgent: undefined,
    requestId: undefined,
    routeName: '',
    cluster: undefined,
    service: undefined,
    upstreamRemote: undefined,
    upstreamLocal: undefined,
    downstreamLocal: downstream.localPlace,
    downstreamRemote: downstream.remotePlace,
    sni: downstream.peer.sni,
    mutualTls: downstream.mutualTls,
    self,
    peer: listener.plan.listener.direction === 'inbound' ? downstream.labels : undefined,
    trace: undefined,
  }
}
