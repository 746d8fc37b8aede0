import { z } from 'zod'
import { LabelSelector, ListenerPort } from '../fields/common.ts'
import { Destination } from '../fields/destination.ts'
import { foreign, inert, inertValues, quiet } from '../fields/note.ts'
import { ConnectionPool } from './connection-pool.ts'
import { ServerTls } from './gateway.ts'

const CaptureMode = foreign(z.enum(['DEFAULT', 'IPTABLES', 'NONE']), ['DEFAULT', 'NONE'])

const Port = ListenerPort.extend({ name: quiet(z.string(), 'It is a name for people.').optional() })

const EgressHost = z.string().refine((text) => /^(?:[-a-zA-Z0-9]+|\.|\*|~)\/[^/]+$/.test(text), {
  error: 'is not `namespace/host`',
  params: { fix: 'Write `./*`, `*/*`, `~/*`, or like `default/reviews.default.svc.cluster.local`.' },
})

const Ingress = z.strictObject({
  port: Port,
  bind: z.string().optional(),
  captureMode: CaptureMode.optional(),
  defaultEndpoint: z.string().optional(),
  tls: inert(ServerTls).optional(),
  connectionPool: inert(ConnectionPool).optional(),
})

/** Istio `IstioEgressListener`: what the workload may reach, perhaps through a listener of its own. */
export const SidecarEgress = z.strictObject({
  port: Port.optional(),
  bind: z.string().optional(),
  captureMode: CaptureMode.optional(),
  hosts: z.array(EgressHost).min(1),
})
export type SidecarEgress = z.infer<typeof SidecarEgress>

/** Istio `OutboundTrafficPolicy`: what becomes of requests to unknown hosts. */
export const OutboundTrafficPolicy = z.strictObject({
  mode: inertValues(z.enum(['REGISTRY_ONLY', 'ALLOW_ANY', 'ALLOW_ANY_DYNAMIC_DNS']), {
    ALLOW_ANY_DYNAMIC_DNS: 'it works as `ALLOW_ANY`',
  }).optional(),
  egressProxy: inert(Destination).optional(),
})

/** Istio `networking.v1.Sidecar`: what the proxies of a namespace, or some of them, open and see. */
export const Sidecar = z.strictObject({
  workloadSelector: LabelSelector.optional(),
  ingress: z.array(Ingress).optional(),
  egress: z.array(SidecarEgress).optional(),
  outboundTrafficPolicy: OutboundTrafficPolicy.optional(),
  inboundConnectionPool: inert(ConnectionPool).optional(),
})
export type Sidecar = z.infer<typeof Sidecar>
