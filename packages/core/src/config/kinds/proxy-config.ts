import { z } from 'zod'
import { Duration } from '../fields/duration.ts'
import { inert, noting, otherwise } from '../fields/note.ts'
import { CONFIG_LIMITS } from '../limits.ts'

const Any = z.record(z.string(), z.unknown())
const Text = z.string()
const NO_METADATA = { code: 'MESH0101', message: '`proxyMetadata` has no effect yet.' } as const

const Tracing = z.strictObject({
  zipkin: z.strictObject({ address: Text.optional() }).optional(),
  sampling: otherwise(z.number().min(0).max(100), 1).optional(),
  customTags: inert(Any).optional(),
  maxPathTagLength: inert(z.int()).optional(),
  enableIstioTags: inert(z.boolean()).optional(),
  lightstep: inert(Any).optional(),
  datadog: inert(Any).optional(),
  stackdriver: inert(Any).optional(),
  openCensusAgent: inert(Any).optional(),
  tlsSettings: inert(Any).optional(),
})

/** Istio `Topology`: what stands in front of gateways. */
const GatewayTopology = z.strictObject({
  numTrustedProxies: z.int().min(0).max(CONFIG_LIMITS.maxTrustedProxies).optional(),
  forwardClientCertDetails: inert(Text).optional(),
  proxyProtocol: z.strictObject({}).optional(),
})

/** Istio `mesh.v1alpha1.ProxyConfig`; here a proxy gets its addresses and folders from its own settings. */
export const ProxyConfig = z.strictObject({
  tracing: Tracing.optional(),
  concurrency: inert(z.int(), 'The settings of the proxy say how many workers it has (`concurrency`, `--concurrency`).').optional(),
  drainDuration: inert(Duration).optional(),
  terminationDrainDuration: inert(Duration).optional(),
  holdApplicationUntilProxyStarts: inert(z.boolean()).optional(),
  discoveryAddress: inert(Text, 'The settings of the proxy say where pilot is.').optional(),
  caCertificatesPem: inert(z.array(Text)).optional(),
  proxyMetadata: noting(
    z.record(z.string(), Text),
    (values) => (Object.keys(values).length === 0 ? undefined : NO_METADATA),
    () => NO_METADATA,
  ).optional(),
  proxyHeaders: inert(Any).optional(),
  proxyStatsMatcher: inert(Any).optional(),
  gatewayTopology: GatewayTopology.optional(),
  privateKeyProvider: inert(Any).optional(),
  readinessProbe: inert(Any).optional(),
  image: inert(Any).optional(),
  runtimeValues: inert(Any).optional(),
  fileFlushInterval: inert(Duration).optional(),
  fileFlushMinSizeKb: inert(z.int()).optional(),
  configPath: inert(Text).optional(),
  binaryPath: inert(Text).optional(),
  customConfigFile: inert(Text).optional(),
  serviceCluster: inert(Text).optional(),
  proxyAdminPort: inert(z.int()).optional(),
  statusPort: inert(z.int()).optional(),
  statNameLength: inert(z.int()).optional(),
  statsdUdpAddress: inert(Text).optional(),
  proxyBootstrapTemplatePath: inert(Text).optional(),
  interceptionMode: inert(Text).optional(),
  controlPlaneAuthPolicy: inert(Text).optional(),
  envoyAccessLogService: inert(Any).optional(),
  envoyMetricsService: inert(Any).optional(),
  meshId: inert(Text).optional(),
  zipkinAddress: inert(Text, 'Write `tracing: {zipkin: {address: …}}`.').optional(),
  availabilityZone: inert(Text).optional(),
  parentShutdownDuration: inert(Duration).optional(),
  extraStatTags: inert(z.array(Text)).optional(),
})
export type ProxyConfig = z.infer<typeof ProxyConfig>
