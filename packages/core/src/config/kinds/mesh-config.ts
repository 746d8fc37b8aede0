import { z } from 'zod'
import { PortNumber } from '../fields/common.ts'
import { ExportTo } from '../fields/host.ts'
import { Duration, PositiveDuration } from '../fields/duration.ts'
import { inert, inertValues, noting, otherwise, type Note } from '../fields/note.ts'
import { ConnectionPool, TcpKeepalive } from './connection-pool.ts'
import { LoadBalancer } from './load-balancer.ts'
import { ProxyConfig } from './proxy-config.ts'
import { OutlierDetection } from './resilience.ts'
import { OutboundTrafficPolicy } from './sidecar.ts'
import { HttpRetry } from './virtual-service-retry.ts'

const Any = z.record(z.string(), z.unknown())
const Anys = z.array(z.unknown())
const Text = z.string()
const Flag = z.boolean()

const AccessLogFile = noting(Text, (file) =>
  file === '' || file === '/dev/stdout'
    ? undefined
    : {
        code: 'MESH0101',
        message: `Access logs go to standard output, not to "${file}".`,
        fix: 'Write `/dev/stdout`, or nothing for none.',
      },
)

/** A switch that stands as it usually does. */
const Fixed = (usual: boolean): z.ZodBoolean => {
  const note = (field: string): Note => ({ code: 'MESH0101', message: `\`${field}: ${!usual}\` has no effect yet.` })
  return noting(
    Flag,
    (value, field) => (value === usual ? undefined : note(field)),
    (field) => ({ ...note(field), values: [String(!usual)] }),
  )
}

/** Istio `mesh.v1alpha1.MeshConfig`: what holds for the whole mesh; all its fields are known, and most have no effect yet. */
export const MeshConfig = z.strictObject({
  accessLogFile: AccessLogFile.optional(),
  accessLogEncoding: inertValues(z.enum(['TEXT', 'JSON']), { JSON: 'lines are written as text' }).optional(),
  accessLogFormat: inert(Text).optional(),
  trustDomain: otherwise(Text, 'cluster.local').optional(),
  trustDomainAliases: z.array(Text).optional(),
  rootNamespace: otherwise(Text, 'istio-system').optional(),
  enableAutoMtls: otherwise(Flag, true).optional(),
  enableTracing: otherwise(Flag, true).optional(),
  connectTimeout: otherwise(PositiveDuration, '10s').optional(),
  outboundTrafficPolicy: OutboundTrafficPolicy.optional(),
  defaultConfig: ProxyConfig.optional(),
  defaultHttpRetryPolicy: HttpRetry.optional(),
  defaultInboundHttpRetryPolicy: inert(HttpRetry).optional(),
  defaultTrafficPolicy: inert(
    z.strictObject({ connectionPool: ConnectionPool.optional(), outlierDetection: OutlierDetection.optional() }),
  ).optional(),
  defaultServiceExportTo: otherwise(z.array(ExportTo), ['*']).optional(),
  defaultVirtualServiceExportTo: otherwise(z.array(ExportTo), ['*']).optional(),
  defaultDestinationRuleExportTo: otherwise(z.array(ExportTo), ['*']).optional(),
  inboundTrafficPolicy: inert(Any).optional(),
  localityLbSetting: inert(LoadBalancer.shape.localityLbSetting).optional(),
  extensionProviders: inert(Anys).optional(),
  defaultProviders: inert(Any).optional(),
  tcpKeepalive: TcpKeepalive.optional(),
  dnsRefreshRate: inert(PositiveDuration).optional(),
  h2UpgradePolicy: z.enum(['DO_NOT_UPGRADE', 'UPGRADE']).optional(),
  pathNormalization: z
    .strictObject({ normalization: z.enum(['DEFAULT', 'NONE', 'BASE', 'MERGE_SLASHES', 'DECODE_AND_MERGE_SLASHES']).optional() })
    .optional(),
  protocolDetectionTimeout: inert(Duration).optional(),
  meshMTLS: inert(Any).optional(),
  tlsDefaults: inert(Any).optional(),
  caCertificates: inert(Anys).optional(),
  ca: inert(Any).optional(),
  certificates: inert(Anys).optional(),
  serviceSettings: inert(Anys).optional(),
  serviceScopeConfigs: inert(Anys).optional(),
  serviceEntryVisibility: inert(Any).optional(),
  discoverySelectors: inert(Anys).optional(),
  configSources: inert(Anys).optional(),
  hboneTrafficPolicy: inert(Any).optional(),
  proxyHttpPort: otherwise(PortNumber, 15_001).optional(),
  proxyListenPort: inert(z.int()).optional(),
  proxyInboundListenPort: inert(z.int()).optional(),
  ingressClass: inert(Text).optional(),
  ingressService: inert(Text).optional(),
  ingressSelector: inert(Text).optional(),
  ingressControllerMode: inert(Text).optional(),
  enablePrometheusMerge: Fixed(false).optional(),
  disableEnvoyListenerLog: inert(Flag).optional(),
  enableEnvoyAccessLogService: Fixed(false).optional(),
  disableMixerHttpReports: inert(Flag).optional(),
  verifyCertificateAtClient: inert(Flag).optional(),
  enableHttp10: Fixed(false).optional(),
})
export type MeshConfig = z.infer<typeof MeshConfig>
