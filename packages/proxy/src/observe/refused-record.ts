import type { CallRecord, LocalReply, PeerLabels } from '@mesh/core/call'
import type { Downstream } from '../listen/downstream.ts'
import { reporterOf } from '../tcp/tcp-record.ts'

/** What is known of a request that never became a call. */
export interface RefusedRequest {
  readonly id: string
  readonly method: string
  readonly authority: string
  readonly path: string
}

export interface Refusal {
  readonly downstream: Downstream
  readonly reply: LocalReply
  readonly request: RefusedRequest
  readonly bytesSent: number
  readonly self: PeerLabels
}

/** A request that could not be read, or was refused at once, is counted and kept too: its caller got an answer. */
export function refusedRecord({ downstream, reply, request, bytesSent, self }: Refusal): CallRecord {
  const { context, listener } = downstream
  const { plan } = listener
  return {
    reporter: reporterOf(plan.listener),
    protocol: 'http',
    startMs: context.env.wallClock(),
    durationMs: 0,
    method: request.method,
    path: request.path,
    authority: request.authority,
    version: 'HTTP/1.1',
    status: reply.status,
    flags: reply.flag === undefined ? [] : [reply.flag],
    details: reply.details,
    transportFailure: undefined,
    bytesReceived: 0,
    bytesSent,
    requestHeadBytes: 0,
    replyHeadBytes: 0,
    attempts: 0,
    upstreamMs: undefined,
    forwardedFor: undefined,
    userAgent: undefined,
    requestId: request.id,
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
    peer: plan.listener.direction === 'inbound' ? downstream.labels : undefined,
    trace: undefined,
    snapshot: plan.engine.view.snapshot,
    routeOrigin: undefined,
    cause: reply.cause,
    failure: request.method === '-' ? reply.body : undefined,
    madeHere: true,
  }
}
