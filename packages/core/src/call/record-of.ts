import type { Call } from './call.ts'
import type { CallRecord } from './record.ts'

/** What only the driver knows of a finished call. */
export type CallFacts = Pick<
  CallRecord,
  | 'durationMs'
  | 'version'
  | 'status'
  | 'grpcStatus'
  | 'bytesReceived'
  | 'bytesSent'
  | 'requestHeadBytes'
  | 'replyHeadBytes'
  | 'upstreamMs'
  | 'upstreamRemote'
  | 'upstreamLocal'
  | 'downstreamLocal'
  | 'downstreamRemote'
  | 'transportFailure'
  | 'sni'
  | 'mutualTls'
  | 'self'
  | 'peer'
>

/** The record of a finished call. */
export function recordOf(call: Call, facts: CallFacts): CallRecord {
  const { request, cluster } = call
  return {
    reporter: call.plan.listener.direction === 'inbound' ? 'destination' : 'source',
    protocol: 'http',
    startMs: call.startWallMs,
    durationMs: facts.durationMs,
    method: request.method,
    path: call.originalPath,
    authority: request.authority,
    version: facts.version,
    status: facts.status,
    grpcStatus: facts.grpcStatus,
    flags: call.flags,
    details: call.details,
    transportFailure: facts.transportFailure,
    bytesReceived: facts.bytesReceived,
    bytesSent: facts.bytesSent,
    requestHeadBytes: facts.requestHeadBytes,
    replyHeadBytes: facts.replyHeadBytes,
    attempts: call.attempts,
    upstreamMs: facts.upstreamMs,
    forwardedFor: request.header('x-forwarded-for'),
    userAgent: request.header('user-agent'),
    requestId: call.requestId,
    routeName: call.route?.name ?? '',
    cluster: call.target?.cluster,
    service: cluster?.cluster.service,
    upstreamRemote: facts.upstreamRemote,
    upstreamLocal: facts.upstreamLocal,
    downstreamLocal: facts.downstreamLocal,
    downstreamRemote: facts.downstreamRemote,
    sni: facts.sni,
    mutualTls: facts.mutualTls,
    self: facts.self,
    peer: facts.peer,
    trace: call.trace,
    snapshot: call.plan.engine.view.snapshot,
    routeOrigin: call.route?.origin,
    cause: call.cause,
    failure: call.error?.message,
    madeHere: call.localReply !== undefined,
  }
}
