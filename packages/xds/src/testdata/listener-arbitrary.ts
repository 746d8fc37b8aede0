import fc, { type Arbitrary } from 'fast-check'
import type {
  AuthzFilter,
  AuthzPolicy,
  DownstreamTls,
  FilterChain,
  ForwardedFor,
  HttpFilterChain,
  Listener,
  Permission,
  Principal,
  TcpFilterChain,
} from '@mesh/core/view'
import { cidr, headerMatch, list, ms, name, origin, partsPerMillion, port, stringMatch } from './parts-arbitrary.ts'
import { routeTable } from './route-arbitrary.ts'

type Layer = 'http' | 'tcp'

/** What is asked of a request is asked on HTTP chains alone: Envoy refuses it elsewhere. */
function permission(layer: Layer): Arbitrary<Permission> {
  const ofRequest: Arbitrary<Permission>[] = [
    fc.record({ kind: fc.constant('header' as const), header: headerMatch }),
    fc.record({ kind: fc.constant('path' as const), path: stringMatch }),
  ]
  return fc.letrec<{ permission: Permission }>((tie) => ({
    permission: fc.oneof(
      { maxDepth: 2 },
      fc.constant({ kind: 'any' as const }),
      ...(layer === 'http' ? ofRequest : []),
      fc.record({ kind: fc.constant('destination-port' as const), port }),
      fc.record({ kind: fc.constant('destination-ip' as const), cidr }),
      fc.record({ kind: fc.constant('sni' as const), name: stringMatch }),
      fc.record({ kind: fc.constantFrom('and' as const, 'or' as const), of: list(tie('permission'), 1) }),
      fc.record({ kind: fc.constant('not' as const), of: tie('permission') }),
    ),
  })).permission
}

function principal(layer: Layer): Arbitrary<Principal> {
  return fc.letrec<{ principal: Principal }>((tie) => ({
    principal: fc.oneof(
      { maxDepth: 2 },
      fc.constant({ kind: 'any' as const }),
      fc.record({ kind: fc.constant('authenticated' as const), id: stringMatch }, { requiredKeys: ['kind'] }),
      fc.record({ kind: fc.constantFrom('direct-ip' as const, 'remote-ip' as const), cidr }),
      ...(layer === 'http' ? [fc.record({ kind: fc.constant('header' as const), header: headerMatch })] : []),
      fc.record({ kind: fc.constantFrom('and' as const, 'or' as const), of: list(tie('principal'), 1) }),
      fc.record({ kind: fc.constant('not' as const), of: tie('principal') }),
    ),
  })).principal
}

function policy(layer: Layer): Arbitrary<Omit<AuthzPolicy, 'name'>> {
  const parts = { permissions: list(permission(layer), 1), principals: list(principal(layer), 1), origin }
  return fc.record(parts, { requiredKeys: ['permissions', 'principals'] })
}

function authz(layer: Layer): Arbitrary<AuthzFilter> {
  return fc.record({
    action: fc.constantFrom('ALLOW' as const, 'DENY' as const),
    policies: list(policy(layer)).map((policies) =>
      policies.map((parts, index) => ({ name: `ns[default]-policy[p]-rule[${index}]`, ...parts })),
    ),
  })
}

/** Never empty: absent and empty are the same. */
const forwarded: Arbitrary<ForwardedFor> = fc
  .record({ from: list(name.map((account) => `spiffe://cluster.local/ns/default/sa/${account}`)), hops: fc.nat(3) })
  .filter(({ from, hops }) => from.length + hops > 0)

const http: Arbitrary<HttpFilterChain> = fc.record(
  {
    kind: fc.constant('http' as const),
    statPrefix: name,
    routes: fc.oneof(
      fc.record({ kind: fc.constant('rds' as const), name }),
      fc.record({ kind: fc.constant('inline' as const), table: routeTable(name) }),
    ),
    authz: list(authz('http')),
    forwardProxy: fc.boolean(),
    edge: fc.boolean(),
    pathNormalization: fc.constantFrom('none' as const, 'merge-slashes' as const, 'decode-and-merge-slashes' as const),
    forwarded,
    tracing: fc.record(
      { samplePartsPerMillion: partsPerMillion, zipkin: fc.constant('zipkin') },
      { requiredKeys: ['samplePartsPerMillion'] },
    ),
    accessLog: fc.boolean(),
  },
  { requiredKeys: ['kind', 'statPrefix', 'routes', 'authz', 'forwardProxy', 'edge', 'accessLog'] },
)

const tcp: Arbitrary<TcpFilterChain> = fc.record(
  {
    kind: fc.constant('tcp' as const),
    statPrefix: name,
    clusters: list(fc.record({ cluster: name, weight: fc.integer({ min: 1, max: 100 }) }), 1),
    authz: list(authz('tcp')),
    idleTimeoutMs: fc.oneof(fc.constant(0), ms),
    maxConnectionDurationMs: ms,
    accessLog: fc.boolean(),
  },
  { requiredKeys: ['kind', 'statPrefix', 'clusters', 'authz', 'idleTimeoutMs', 'accessLog'] },
)

const alpn = fc.subarray(['h2', 'http/1.1', 'istio'])

const tls: Arbitrary<DownstreamTls> = fc.oneof(
  fc.record({
    mode: fc.constant('mesh' as const),
    alpn,
    requireClientCert: fc.boolean(),
    trustDomains: fc.subarray(['cluster.local', 'other.example']),
  }),
  fc.record({
    mode: fc.constant('file' as const),
    alpn,
    requireClientCert: fc.constant(false),
    trustDomains: fc.constant([]),
    certFile: name.map((base) => `/certs/${base}.pem`),
    keyFile: name.map((base) => `/certs/${base}.key`),
  }),
  fc.record({
    mode: fc.constant('file' as const),
    alpn,
    requireClientCert: fc.boolean(),
    trustDomains: fc.subarray(['cluster.local']),
    certFile: name.map((base) => `/certs/${base}.pem`),
    keyFile: name.map((base) => `/certs/${base}.key`),
    caFile: name.map((base) => `/certs/${base}-ca.pem`),
  }),
)

const chain: Arbitrary<Omit<FilterChain, 'name' | 'match'>> = fc.record(
  { tls, filter: fc.oneof(http, tcp), origin },
  { requiredKeys: ['filter'] },
)

/** Chains of one listener must differ in what they match. */
function chains(): Arbitrary<FilterChain[]> {
  return list(chain, 1).map((all) => all.map((parts, index) => ({ name: `chain-${index}`, match: MATCHES[index] ?? {}, ...parts })))
}

const MATCHES: FilterChain['match'][] = [{ transport: 'tls', alpn: ['istio'], sni: ['a.example', '*.b.example'] }, { transport: 'raw' }, {}]

export function listener(listenerName: Arbitrary<string>): Arbitrary<Listener> {
  return fc.record(
    {
      name: listenerName,
      address: fc.ipV4(),
      port,
      direction: fc.constantFrom('inbound' as const, 'outbound' as const, 'gateway' as const),
      chains: chains(),
      inspectTls: fc.boolean(),
      proxyProtocol: fc.constant(true as const),
      origins: list(origin),
    },
    { requiredKeys: ['name', 'address', 'port', 'direction', 'chains', 'inspectTls', 'origins'] },
  )
}
