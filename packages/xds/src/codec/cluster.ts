import type { JsonObject } from '@mesh/rpc/protobuf'
import type { Cluster, Discovery, ServiceRef } from '@mesh/core/view'
import {
  Cluster_DiscoveryType,
  Cluster_DnsLookupFamily,
  Cluster_LbPolicy,
  type Cluster as ClusterMessage,
  type ClusterSchema,
} from '@mesh/rpc/gen/envoy/config/cluster/v3/cluster_pb'
import { decodeMs, encodeMs } from './duration.ts'
import { decodeOurProtocol, encodeOurProtocol } from './our-protocol.ts'
import { decodeBreakers, encodeBreakers } from './circuit-breakers.ts'
import { decodeEndpoints, encodeEndpoints } from './endpoint.ts'
import { decodeHttpOptions, encodeHttpOptions } from './http-options.ts'
import type { Init } from './init.ts'
import { asList, asObject, encodeFacts, istioFacts, meshFacts, originPart } from './metadata.ts'
import { decodeOutlierDetection, encodeOutlierDetection } from './outlier-detection.ts'
import { refuse } from './refusal.ts'
import { checkAds, encodeAds } from './sds.ts'
import { decodeTcpKeepalive, encodeTcpKeepalive } from './tcp-keepalive.ts'
import { decodeUpstreamTls, encodeUpstreamTls } from './upstream-tls.ts'

const { STATIC, STRICT_DNS, EDS, ORIGINAL_DST } = Cluster_DiscoveryType
const { ROUND_ROBIN, RANDOM, LEAST_REQUEST, CLUSTER_PROVIDED } = Cluster_LbPolicy
/** Envoy's defaults. */
const DEFAULT_CONNECT_MS = 5_000
const DEFAULT_DNS_REFRESH_MS = 5_000

/** CDS: a cluster. */
export function encodeCluster(cluster: Cluster): Init<typeof ClusterSchema> {
  const metadata = encodeFacts({ origin: cluster.origin, istio: serviceFacts(cluster), mesh: encodeOurProtocol(cluster) })
  return {
    name: cluster.name,
    ...encodeDiscovery(cluster),
    connectTimeout: encodeMs(cluster.connectTimeoutMs),
    lbPolicy: cluster.discovery.kind === 'original-dst' ? CLUSTER_PROVIDED : POLICIES[cluster.balance],
    circuitBreakers: encodeBreakers(cluster),
    ...encodeHttpOptions(cluster),
    ...encodeTcpKeepalive(cluster),
    ...encodeOutlierDetection(cluster),
    ...encodeUpstreamTls(cluster.tls),
    ...(metadata === undefined ? {} : { metadata }),
  }
}

export function decodeCluster(cluster: ClusterMessage): Cluster {
  const tls = decodeUpstreamTls(cluster)
  return {
    name: cluster.name,
    discovery: decodeDiscovery(cluster),
    balance: decodeBalance(cluster),
    connectTimeoutMs: cluster.connectTimeout === undefined ? DEFAULT_CONNECT_MS : decodeMs(cluster.connectTimeout),
    ...(tls === undefined ? {} : { tls }),
    ...decodeService(cluster),
    ...decodeHttpOptions(cluster, decodeOurProtocol(meshFacts(cluster.metadata))),
    ...decodeTcpKeepalive(cluster),
    ...decodeBreakers(cluster.circuitBreakers),
    ...decodeOutlierDetection(cluster),
    ...originPart(cluster.metadata),
  }
}

function encodeDiscovery({ name, discovery }: Cluster): Init<typeof ClusterSchema> {
  switch (discovery.kind) {
    case 'eds':
      return { clusterDiscoveryType: { case: 'type', value: EDS }, edsClusterConfig: { edsConfig: encodeAds(), serviceName: name } }
    case 'static':
      return {
        clusterDiscoveryType: { case: 'type', value: STATIC },
        loadAssignment: encodeEndpoints({ cluster: name, endpoints: discovery.endpoints }),
      }
    case 'dns':
      return {
        clusterDiscoveryType: { case: 'type', value: STRICT_DNS },
        loadAssignment: encodeEndpoints({ cluster: name, endpoints: discovery.endpoints }),
        dnsRefreshRate: encodeMs(discovery.refreshMs),
        dnsLookupFamily: Cluster_DnsLookupFamily.V4_PREFERRED,
      }
    case 'original-dst':
      return { clusterDiscoveryType: { case: 'type', value: ORIGINAL_DST } }
    case 'blackhole':
      return { clusterDiscoveryType: { case: 'type', value: STATIC } }
  }
}

function decodeDiscovery(cluster: ClusterMessage): Discovery {
  const endpoints = cluster.loadAssignment === undefined ? [] : decodeEndpoints(cluster.loadAssignment).endpoints
  switch (cluster.clusterDiscoveryType.value) {
    case EDS:
      checkAds(cluster.edsClusterConfig?.edsConfig)
      if (![cluster.name, ''].includes(cluster.edsClusterConfig?.serviceName ?? ''))
        refuse('an EDS service name other than the cluster name is not supported')
      return { kind: 'eds' }
    case STRICT_DNS:
      return {
        kind: 'dns',
        endpoints,
        refreshMs: cluster.dnsRefreshRate === undefined ? DEFAULT_DNS_REFRESH_MS : decodeMs(cluster.dnsRefreshRate),
      }
    case ORIGINAL_DST:
      return { kind: 'original-dst' }
    case STATIC:
    case undefined:
      return cluster.loadAssignment === undefined ? { kind: 'blackhole' } : { kind: 'static', endpoints }
    default:
      return refuse(`discovery type ${cluster.clusterDiscoveryType.value} is not supported`)
  }
}

const POLICIES = { 'round-robin': ROUND_ROBIN, random: RANDOM, 'least-request': LEAST_REQUEST } as const

/** With the original destination there is nothing to balance. */
function decodeBalance({ lbPolicy, clusterDiscoveryType }: ClusterMessage): Cluster['balance'] {
  if (lbPolicy === CLUSTER_PROVIDED && clusterDiscoveryType.value === ORIGINAL_DST) return 'round-robin'
  const balance = Object.entries(POLICIES).find(([, policy]) => policy === lbPolicy)?.[0]
  return balance === undefined ? refuse(`load balancing policy ${lbPolicy} is not supported`) : (balance as Cluster['balance'])
}

/** Istio's own metadata of a cluster. */
function serviceFacts({ service, subset }: Cluster): JsonObject {
  return { ...(service === undefined ? {} : { services: [{ ...service }] }), ...(subset === undefined ? {} : { subset }) }
}

function decodeService(cluster: ClusterMessage): Pick<Cluster, 'service' | 'subset'> {
  const { services, subset } = istioFacts(cluster.metadata)
  const service = decodeServiceRef(asObject(asList(services)[0]))
  return { ...(service === undefined ? {} : { service }), ...(typeof subset === 'string' ? { subset } : {}) }
}

function decodeServiceRef({ host, name, namespace }: JsonObject): ServiceRef | undefined {
  if (typeof host !== 'string' || typeof name !== 'string' || typeof namespace !== 'string') return undefined
  return { host, name, namespace }
}
