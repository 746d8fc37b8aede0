import { z } from 'zod'
import { Count } from '../fields/common.ts'
import { Duration, PositiveDuration } from '../fields/duration.ts'
import { otherwise } from '../fields/note.ts'

/** Istio `ConnectionPoolSettings.TCPSettings.TcpKeepalive`. */
export const TcpKeepalive = z.strictObject({
  probes: otherwise(Count, 0).optional(),
  time: PositiveDuration.optional(),
  interval: PositiveDuration.optional(),
})
export type TcpKeepalive = z.infer<typeof TcpKeepalive>

const Tcp = z.strictObject({
  maxConnections: otherwise(Count, 0).optional(),
  connectTimeout: PositiveDuration.optional(),
  tcpKeepalive: TcpKeepalive.optional(),
  maxConnectionDuration: PositiveDuration.optional(),
  idleTimeout: Duration.optional(),
})

const Http = z.strictObject({
  http1MaxPendingRequests: otherwise(Count, 0).optional(),
  http2MaxRequests: otherwise(Count, 0).optional(),
  maxRequestsPerConnection: otherwise(Count, 0).optional(),
  maxRetries: otherwise(Count, 0).optional(),
  idleTimeout: Duration.optional(),
  h2UpgradePolicy: otherwise(z.enum(['DEFAULT', 'DO_NOT_UPGRADE', 'UPGRADE']), 'DEFAULT').optional(),
  useClientProtocol: otherwise(z.boolean(), false).optional(),
  maxConcurrentStreams: otherwise(Count, 0).optional(),
  http2KeepAlive: z.strictObject({ interval: PositiveDuration.optional(), timeout: PositiveDuration.optional() }).optional(),
})

/** Istio `ConnectionPoolSettings`: how much may wait and run at once. */
export const ConnectionPool = z.strictObject({ tcp: Tcp.optional(), http: Http.optional() })
export type ConnectionPool = z.infer<typeof ConnectionPool>
