import { grpcToHttpStatus, NO_HOST } from '@mesh/core/outlier'
import type { MeshError } from '@mesh/core/error'
import type { ConnError } from '@mesh/io'
import type { EndpointPool } from './endpoint-pool.ts'
import { outlierNow } from './outlier-watch.ts'

/** A connection to the endpoint is there. */
export function tellConnected({ host, cluster }: EndpointPool): void {
  if (host !== NO_HOST) cluster.detector?.connected(host)
}

/** A connection for bytes of any kind is there: more is not known of it. */
export function tellConnectedForGood({ host, cluster }: EndpointPool): void {
  if (host !== NO_HOST) cluster.detector?.connectedForGood(host)
}

/** There is none. */
export function tellNoConnection({ host, cluster }: EndpointPool, error: ConnError | undefined): void {
  if (host !== NO_HOST) cluster.detector?.failedHere(host, error?.code === 'timeout' ? 504 : 503, outlierNow())
}

/** The endpoint answered; `grpcStatus` is what the head of a reply to gRPC has. */
export function tellReply({ host, cluster: { detector } }: EndpointPool, status: number, grpcStatus: string | undefined): void {
  if (host === NO_HOST || detector === undefined) return
  const counted = grpcStatus === undefined ? status : grpcToHttpStatus(grpcStatus)
  if (counted < 500) detector.succeeded(host)
  else detector.failed(host, counted, outlierNow())
}

/** The try got no reply, or not all of it. What this proxy itself did not let happen says nothing about the endpoint. */
export function tellFailure({ host, cluster }: EndpointPool, { flag, fault }: MeshError): void {
  if (host !== NO_HOST && fault === 'upstream' && flag !== 'DF') cluster.detector?.failedHere(host, 503, outlierNow())
}

/** The reply did not come in time. */
export function tellTimeout({ host, cluster }: EndpointPool): void {
  if (host !== NO_HOST) cluster.detector?.failedHere(host, 504, outlierNow())
}
