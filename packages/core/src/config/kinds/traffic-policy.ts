import { z } from 'zod'
import { PortNumber } from '../fields/common.ts'
import { inert } from '../fields/note.ts'
import { ConnectionPool } from './connection-pool.ts'
import { LoadBalancer } from './load-balancer.ts'
import { OutlierDetection, ProxyProtocol, RetryBudget, Tunnel } from './resilience.ts'
import { ClientTls, PortTls } from './client-tls.ts'

const parts = {
  loadBalancer: LoadBalancer.optional(),
  connectionPool: ConnectionPool.optional(),
  outlierDetection: OutlierDetection.optional(),
  tls: ClientTls.optional(),
}

/** Istio `TrafficPolicy.PortTrafficPolicy`: replaces the whole policy for its port. */
export const PortTrafficPolicy = z.strictObject({
  port: z.strictObject({ number: PortNumber.optional() }).optional(),
  ...parts,
  tls: PortTls.optional(),
})
export type PortTrafficPolicy = z.infer<typeof PortTrafficPolicy>

/** Istio `TrafficPolicy`. */
export const TrafficPolicy = z.strictObject({
  ...parts,
  portLevelSettings: z.array(PortTrafficPolicy).optional(),
  tunnel: inert(Tunnel).optional(),
  proxyProtocol: inert(ProxyProtocol).optional(),
  retryBudget: RetryBudget.optional(),
})
export type TrafficPolicy = z.infer<typeof TrafficPolicy>
