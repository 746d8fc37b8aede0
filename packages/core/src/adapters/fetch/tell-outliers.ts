import type { Call, MutableReplyHead } from '../../call/call.ts'
import type { MeshError } from '../../error/mesh-error.ts'
import type { Detector } from '../../outlier/detector.ts'
import { NO_HOST } from '../../outlier/detector.ts'
import { grpcToHttpStatus } from '../../outlier/grpc-status.ts'
import type { Outliers } from '../../outlier/outliers.ts'

/** What came of a try: no reply in time, none at all, or one. */
export type TryResult =
  | { readonly kind: 'timeout' }
  | { readonly kind: 'failed'; readonly error: MeshError }
  | { readonly kind: 'reply'; readonly reply: MutableReplyHead }

/** Counts the result of a try for or against its endpoint. */
export function tellOutliers(outliers: Outliers, { cluster, endpoint, request }: Call, result: TryResult, nowMs: number): void {
  const detector = cluster === undefined ? undefined : outliers.of(cluster.cluster.name)
  const host = detector === undefined || endpoint === undefined ? NO_HOST : detector.hostOf(endpoint)
  if (detector === undefined || host === NO_HOST) return
  if (result.kind === 'timeout') return detector.failedHere(host, 504, nowMs)
  if (result.kind === 'failed') {
    if (result.error.fault === 'upstream' && result.error.flag !== 'DF') detector.failedHere(host, 503, nowMs)
    return
  }
  detector.connected(host)
  tellStatus(detector, host, { status: statusOf(result.reply, request.header('content-type')), nowMs })
}

function tellStatus(detector: Detector, host: number, { status, nowMs }: { readonly status: number; readonly nowMs: number }): void {
  if (status < 500) detector.succeeded(host)
  else detector.failed(host, status, nowMs)
}

function statusOf(reply: MutableReplyHead, contentType = ''): number {
  const grpcStatus = contentType.startsWith('application/grpc') ? reply.header('grpc-status') : undefined
  return grpcStatus === undefined ? reply.status : grpcToHttpStatus(grpcStatus)
}
