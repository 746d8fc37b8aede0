import { parseDuration } from '../config/fields/duration.ts'
import type { TcpKeepalive } from '../config/kinds/connection-pool.ts'
import type { MeshConfig } from '../config/kinds/mesh-config.ts'
import { objectsOf } from '../snapshot/objects-of.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import type { HttpRetryBody } from './bodies.ts'
import { byAge } from './order.ts'

/** MeshConfig, as far as views depend on it. */
export interface MeshSettings {
  readonly rootNamespace: string
  readonly trustDomain: string
  readonly trustDomainAliases: readonly string[]
  readonly autoMtls: boolean
  /** Whether requests to hosts that nobody described go out. */
  readonly allowUnknown: boolean
  readonly accessLog: boolean
  readonly tracing: TracingSettings | undefined
  readonly connectTimeoutMs: number
  readonly httpProxyPort: number
  readonly retry: HttpRetryBody | undefined
  /** Whether requests to HTTP ports travel by HTTP/2 unless a rule says otherwise; undefined: where both ends are proxies of this mesh. */
  readonly h2Upgrade: MeshConfig['h2UpgradePolicy']
  /** Of connections about which no rule says otherwise. */
  readonly tcpKeepalive: TcpKeepalive | undefined
  readonly pathNormalization: NonNullable<NonNullable<MeshConfig['pathNormalization']>['normalization']>
  /** Proxies in front of gateways whose `x-forwarded-for` is believed. */
  readonly trustedProxies: number
  /** Whether what stands in front of gateways sends a PROXY header. */
  readonly proxyProtocol: boolean
  readonly serviceExportTo: readonly string[]
  readonly virtualServiceExportTo: readonly string[]
  readonly destinationRuleExportTo: readonly string[]
}

export interface TracingSettings {
  readonly samplePartsPerMillion: number
  /** `host:port`. */
  readonly zipkinAddress: string | undefined
}

/** The settings of the mesh: ConfigMap `istio` of the root namespace, Istio's defaults where it says nothing. */
export function readSettings(snapshot: Snapshot): MeshSettings {
  const mesh = meshConfig(snapshot)
  return {
    rootNamespace: mesh.rootNamespace ?? DEFAULT_ROOT,
    trustDomain: mesh.trustDomain ?? 'cluster.local',
    trustDomainAliases: mesh.trustDomainAliases ?? [],
    autoMtls: mesh.enableAutoMtls ?? true,
    allowUnknown: mesh.outboundTrafficPolicy?.mode !== 'REGISTRY_ONLY',
    accessLog: (mesh.accessLogFile ?? '') !== '',
    tracing: tracingOf(mesh),
    connectTimeoutMs: parseDuration(mesh.connectTimeout ?? '10s') ?? 10_000,
    httpProxyPort: mesh.proxyHttpPort ?? 15_001,
    retry: mesh.defaultHttpRetryPolicy,
    h2Upgrade: mesh.h2UpgradePolicy,
    tcpKeepalive: mesh.tcpKeepalive,
    pathNormalization: mesh.pathNormalization?.normalization ?? 'DEFAULT',
    trustedProxies: mesh.defaultConfig?.gatewayTopology?.numTrustedProxies ?? 0,
    proxyProtocol: mesh.defaultConfig?.gatewayTopology?.proxyProtocol !== undefined,
    serviceExportTo: mesh.defaultServiceExportTo ?? EVERYWHERE,
    virtualServiceExportTo: mesh.defaultVirtualServiceExportTo ?? EVERYWHERE,
    destinationRuleExportTo: mesh.defaultDestinationRuleExportTo ?? EVERYWHERE,
  }
}

const DEFAULT_ROOT = 'istio-system'
const EVERYWHERE: readonly string[] = ['*']

function meshConfig(snapshot: Snapshot): MeshConfig {
  const maps = objectsOf(snapshot, 'ConfigMap').filter((map) => map.meta.name === 'istio' && map.meta.namespace === DEFAULT_ROOT)
  return [...maps].sort(byAge)[0]?.body.mesh ?? {}
}

/** Istio's default share of requests is 1 %. */
function tracingOf(mesh: MeshConfig): TracingSettings | undefined {
  if (mesh.enableTracing === false) return undefined
  const tracing = mesh.defaultConfig?.tracing
  const samplePartsPerMillion = Math.round((tracing?.sampling ?? 1) * 10_000)
  return { samplePartsPerMillion, zipkinAddress: tracing?.zipkin?.address }
}
