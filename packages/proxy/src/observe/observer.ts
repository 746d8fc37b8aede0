import { isAddress } from '../pool/names.ts'
import { recordOf, signReply, type CallRecord, type LocalReply, type PeerLabels } from '@mesh/core/call'
import type { Origin } from '@mesh/core/config'
import type { Engine } from '@mesh/core/engine'
import type { ResponseFlag } from '@mesh/core/error'
import type { Endpoint, Listener, NodeSelf, Tracing, View } from '@mesh/core/view'
import type { Counters } from '../counters.ts'
import type { Exchange } from '../http/exchange.ts'
import type { Downstream } from '../listen/downstream.ts'
import type { OpenedUpstream } from '../tcp/open-upstream.ts'
import { tcpRecord } from '../tcp/tcp-record.ts'
import { peerDirectory, selfLabels, type PeerDirectory } from './peer-labels.ts'
import { refusedRecord, type RefusedRequest } from './refused-record.ts'
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
  /** For who asks later: every call and connection, when it is over. */
  readonly keep: (record: CallRecord) => void
}

/** Writes one record per call and connection, and hands it to metrics, access log and tracing. */
export interface Observer {
  readonly directory: PeerDirectory
  /** Peers are named after this view from now on. */
  follow(view: View): void
  call(exchange: Exchange): void
  /** What came was no request, or one that is refused before it becomes a call; answers the reply with the id of its record. */
  refused(downstream: Downstream, reply: LocalReply, request?: RefusedRequest): LocalReply
  tcpOpened(facts: TcpFacts): void
  tcpClosed(facts: TcpFacts, end: TcpEnd): void
}

/** Who is connected to whom. */
export interface TcpFacts {
  readonly downstream: Downstream
  readonly listener: Listener
  readonly engine: Engine
  readonly accessLog: boolean
  /** Of the CONNECT that began it. */
  readonly requestId: string | undefined
  /** Where it was to go. */
  readonly cluster: string | undefined
  readonly upstream: OpenedUpstream | undefined
}

export interface TcpEnd {
  readonly flags: readonly ResponseFlag[]
  readonly details: string
  readonly cause?: Origin | undefined
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
      sinks.keep(record)
      if (accessLog) sinks.accessLog(record)
      if (tracing !== undefined && record.trace?.sampled === true) sinks.span(record, tracing)
    },
    refused(downstream, reply, request = { id: downstream.context.env.randomUuid(), method: '-', authority: '-', path: '-' }) {
      const signed = signReply(reply, request.id)
      const record = refusedRecord({ downstream, reply, request, bytesSent: signed.body.length, self: unproven })
      sinks.metrics.record(record)
      sinks.keep(record)
      if (downstream.chain?.filter.accessLog === true) sinks.accessLog(record)
      return signed
    },
    tcpOpened(facts) {
      sinks.metrics.tcpOpened(tcpRecord(facts, labels, undefined))
    },
    tcpClosed(facts, end) {
      const record = tcpRecord(facts, labels, end)
      if (facts.upstream !== undefined) sinks.metrics.tcpClosed(record)
      sinks.keep(record)
      if (facts.accessLog) sinks.accessLog(record)
    },
  }
}

function callRecord(exchange: Exchange, labels: (mutualTls: boolean) => PeerLabels): CallRecord {
  const { call, attempt, context, chain } = exchange
  const { downstream } = exchange.sink
  const { peer } = downstream
  const inbound = chain.plan.listener.direction === 'inbound'
  const upstream = attempt?.lane
  const principal = upstream?.principal
  const mutualTls = inbound ? downstream.mutualTls : principal !== undefined
  const server = attempt?.endpoint?.workload
  return recordOf(call, {
    durationMs: context.io.timers.now() - call.startMs,
    version: exchange.request.version,
    status: exchange.replyStatus,
    grpcStatus: exchange.grpcStatus,
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
