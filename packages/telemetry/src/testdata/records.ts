import type { CallRecord, PeerLabels } from '@mesh/core/call'

export const PRODUCTPAGE: PeerLabels = {
  workload: 'productpage-v1',
  namespace: 'default',
  app: 'productpage',
  version: 'v1',
  cluster: 'Kubernetes',
  principal: 'spiffe://cluster.local/ns/default/sa/bookinfo-productpage',
}

export const REVIEWS: PeerLabels = {
  workload: 'reviews-v2',
  namespace: 'default',
  app: 'reviews',
  version: 'v2',
  cluster: 'Kubernetes',
  principal: 'spiffe://cluster.local/ns/default/sa/bookinfo-reviews',
}

const SERVICE = { host: 'reviews.default.svc.cluster.local', name: 'reviews', namespace: 'default' }

/** A good request from productpage to reviews, as productpage's sidecar tells it. */
export function callRecord(change: Partial<CallRecord> = {}): CallRecord {
  return {
    reporter: 'source',
    protocol: 'http',
    startMs: Date.UTC(2026, 10, 21, 10, 30, 5, 7),
    durationMs: 4.6,
    method: 'GET',
    path: '/reviews/0?fields=all',
    authority: 'reviews:9080',
    version: 'HTTP/1.1',
    status: 200,
    flags: [],
    details: 'via_upstream',
    transportFailure: undefined,
    bytesReceived: 0,
    bytesSent: 295,
    requestHeadBytes: 220,
    replyHeadBytes: 180,
    attempts: 1,
    upstreamMs: 3.9,
    forwardedFor: undefined,
    userAgent: 'curl/8.5.0',
    requestId: '84961386-6d84-929d-98bd-c5aee93b5c88',
    routeName: 'default',
    cluster: 'outbound|9080|v2|reviews.default.svc.cluster.local',
    service: SERVICE,
    upstreamRemote: '127.1.0.5:9080',
    upstreamLocal: '127.1.0.2:37652',
    downstreamLocal: '127.1.0.2:15001',
    downstreamRemote: '127.0.0.1:46520',
    sni: undefined,
    mutualTls: true,
    self: PRODUCTPAGE,
    peer: REVIEWS,
    trace: undefined,
    snapshot: '9c41',
    routeOrigin: undefined,
    cause: undefined,
    failure: undefined,
    madeHere: false,
    ...change,
  }
}

/** A TCP connection that is over, with its bytes. */
export function tcpRecord(change: Partial<CallRecord> = {}): CallRecord {
  return callRecord({
    protocol: 'tcp',
    method: '',
    path: '',
    authority: '',
    version: '',
    status: 0,
    details: '',
    bytesReceived: 10,
    bytesSent: 20,
    upstreamMs: undefined,
    userAgent: undefined,
    requestId: undefined,
    routeName: '',
    ...change,
  })
}
