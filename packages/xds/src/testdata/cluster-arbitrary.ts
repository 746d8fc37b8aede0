import fc, { type Arbitrary } from 'fast-check'
import type { Cluster, ClusterEndpoints, Endpoint, OutlierDetection, UpstreamTls, Workload, WorkloadRef } from '@mesh/core/view'
import { ip, list, ms, name, origin, port, stringMatch } from './parts-arbitrary.ts'

const workloadRef: Arbitrary<WorkloadRef> = fc.record({ workload: name, namespace: name, app: name, version: name, cluster: name })

function endpoint(address: Arbitrary<string>): Arbitrary<Endpoint> {
  return fc.record(
    {
      address,
      port,
      weight: fc.integer({ min: 1, max: 1000 }),
      healthy: fc.boolean(),
      tls: fc.constant('istio' as const),
      workload: workloadRef,
    },
    { requiredKeys: ['address', 'port', 'weight', 'healthy'] },
  )
}

const discovery: Arbitrary<Cluster['discovery']> = fc.oneof(
  fc.constantFrom({ kind: 'eds' as const }, { kind: 'blackhole' as const }),
  fc.record({ kind: fc.constant('static' as const), endpoints: list(endpoint(ip)) }),
  fc.record({ kind: fc.constant('dns' as const), endpoints: list(endpoint(name), 1), refreshMs: ms.map((value) => value + 1) }),
)

const alpn = fc.subarray(['h2', 'http/1.1', 'istio'])
const sni = name.map((base) => `${base}.example`)
const spiffe = name.map((account) => ({ kind: 'exact' as const, value: `spiffe://cluster.local/ns/default/sa/${account}` }))

const tls: Arbitrary<UpstreamTls> = fc.oneof(
  fc.record({ mode: fc.constantFrom('mutual' as const, 'auto' as const), sni, alpn, sans: list(fc.oneof(spiffe, stringMatch)) }),
  fc.record(
    {
      mode: fc.constant('simple' as const),
      sni,
      alpn,
      sans: list(name.map((base) => ({ kind: 'exact' as const, value: `${base}.other` }))),
      caFile: name.map((base) => `/certs/${base}.pem`),
    },
    { requiredKeys: ['mode', 'sni', 'alpn', 'sans'] },
  ),
  fc.record({ mode: fc.constant('simple' as const), sni, alpn, sans: fc.constant([]), insecureSkipVerify: fc.constant(true as const) }),
)

const limit = fc.integer({ min: 1, max: 100_000 })
const percentage = fc.integer({ min: 0, max: 100 })
const span = ms.map((value) => value + 1)

const outlierDetection: Arbitrary<OutlierDetection> = fc
  .record(
    {
      consecutive5xx: fc.nat(100),
      consecutiveGatewayFailures: fc.nat(100),
      consecutiveLocalFailures: fc.nat(100),
      intervalMs: span,
      baseEjectionMs: span,
      maxEjectionMs: span,
      maxEjectionPercent: percentage,
      alwaysEjectOne: fc.boolean(),
      minHealthPercent: percentage,
    },
    {
      requiredKeys: [
        'consecutive5xx',
        'consecutiveGatewayFailures',
        'intervalMs',
        'baseEjectionMs',
        'maxEjectionMs',
        'maxEjectionPercent',
        'alwaysEjectOne',
        'minHealthPercent',
      ],
    },
  )
  .map((one) => ({ ...one, maxEjectionMs: Math.max(one.maxEjectionMs, one.baseEjectionMs) }))

export function cluster(clusterName: Arbitrary<string>): Arbitrary<Cluster> {
  const parts = {
    name: clusterName,
    discovery,
    balance: fc.constantFrom('round-robin' as const, 'random' as const, 'least-request' as const),
    connectTimeoutMs: ms,
    tls,
    service: fc.record({ host: name, name, namespace: name }),
    subset: name,
    protocol: fc.constantFrom('http/1.1' as const, 'h2' as const, 'auto' as const, 'downstream' as const, 'tcp' as const),
    maxConnections: limit,
    maxPendingRequests: limit,
    maxRequests: limit,
    maxRetries: limit,
    retryBudget: fc.record({ percent: fc.integer({ min: 0, max: 800 }).map((eighths) => eighths / 8), minConcurrency: limit }),
    outlierDetection,
    maxRequestsPerConnection: limit,
    idleTimeoutMs: ms,
    maxConnectionDurationMs: ms,
    tcpKeepalive: fc.record({ probes: limit, timeSeconds: limit, intervalSeconds: limit }, { requiredKeys: [] }),
    origin,
  }
  const http2 = { maxConcurrentStreams: limit, http2KeepAlive: fc.record({ intervalMs: ms, timeoutMs: ms }) }
  const requiredKeys = ['name', 'discovery', 'balance', 'connectTimeoutMs', 'protocol'] as const
  return fc.oneof(
    { weight: 4, arbitrary: fc.record(parts, { requiredKeys: [...requiredKeys] }) },
    fc.record(
      { ...parts, ...http2, protocol: fc.constantFrom('h2' as const, 'auto' as const, 'downstream' as const) },
      { requiredKeys: [...requiredKeys] },
    ),
    fc.record(
      { ...parts, discovery: fc.constant({ kind: 'original-dst' as const }), balance: fc.constant('round-robin' as const) },
      { requiredKeys: [...requiredKeys] },
    ),
  )
}

export function clusterEndpoints(clusterName: Arbitrary<string>): Arbitrary<ClusterEndpoints> {
  return fc.record({ cluster: clusterName, endpoints: list(endpoint(ip)) })
}

export function workload(uid: Arbitrary<string>): Arbitrary<Workload> {
  return fc.record({
    uid,
    workload: name,
    namespace: name,
    serviceAccount: name,
    addresses: list(ip),
    app: name,
    version: name,
    cluster: name,
  })
}
