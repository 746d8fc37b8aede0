import { create, toBinary, type DescMessage, type MessageInitShape } from '@mesh/rpc/protobuf'
import { WIRE, Writer } from '@mesh/rpc/protobuf'
import { AnySchema } from '@mesh/rpc/gen/google/protobuf/any_pb'
import { expect, test } from 'vitest'
import { Cluster_DiscoveryType, Cluster_LbPolicy, ClusterSchema } from '@mesh/rpc/gen/envoy/config/cluster/v3/cluster_pb'
import { ListenerSchema } from '@mesh/rpc/gen/envoy/config/listener/v3/listener_pb'
import { RouteConfigurationSchema } from '@mesh/rpc/gen/envoy/config/route/v3/route_pb'
import { RouterSchema } from '@mesh/rpc/gen/envoy/extensions/filters/http/router/v3/router_pb'
import { HttpConnectionManagerSchema } from '@mesh/rpc/gen/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb'
import { UpstreamTlsContextSchema, type CommonTlsContextSchema } from '@mesh/rpc/gen/envoy/extensions/transport_sockets/tls/v3/tls_pb'
import { decodeResource } from '../resource.ts'
import type { ResourceType } from '../resource-type.ts'
import { pack } from './any.ts'

/** Why a foreign resource is refused. */
function refusal<D extends DescMessage>(type: ResourceType, schema: D, message: MessageInitShape<D>, extra = new Uint8Array()): unknown {
  const decoded = decodeResource(type, '', Buffer.concat([toBinary(schema, create(schema, message)), extra]))
  return decoded.kind === 'rejected' ? decoded.rejection : decoded.value
}

const address = {
  address: { case: 'socketAddress', value: { address: '10.0.0.1', portSpecifier: { case: 'portValue', value: 80 } } },
} as const

function listenerWith(
  httpFilters: MessageInitShape<typeof HttpConnectionManagerSchema>['httpFilters'],
  more: MessageInitShape<typeof HttpConnectionManagerSchema> = {},
): MessageInitShape<typeof ListenerSchema> {
  const manager = pack(HttpConnectionManagerSchema, {
    statPrefix: 'x',
    routeSpecifier: { case: 'routeConfig', value: { name: 'x' } },
    httpFilters: httpFilters ?? [],
    ...more,
  })
  return {
    name: 'foreign',
    address,
    filterChains: [
      { filters: [{ name: 'envoy.filters.network.http_connection_manager', configType: { case: 'typedConfig', value: manager } }] },
    ],
  }
}

const router = { name: 'envoy.filters.http.router', configType: { case: 'typedConfig', value: pack(RouterSchema, {}) } } as const
const wasm = {
  name: 'istio.stats',
  configType: { case: 'typedConfig', value: create(AnySchema, { typeUrl: 'type.googleapis.com/stats.PluginConfig' }) },
} as const

test('a foreign listener of parts that we know is taken, without origins', () => {
  expect(refusal('LDS', ListenerSchema, listenerWith([router]))).toMatchObject({ name: 'foreign', direction: 'outbound', origins: [] })
})

test('a listener with a filter that we do not have is refused by name', () => {
  expect(refusal('LDS', ListenerSchema, listenerWith([wasm, router]))).toEqual({
    type: 'LDS',
    resource: 'foreign',
    reason: 'HTTP filter istio.stats is not supported',
  })
})

const PROXY_PROTOCOL = 'envoy.filters.listener.proxy_protocol'
const TLS_INSPECTOR = 'envoy.filters.listener.tls_inspector'

test('a PROXY header is read first, and a listener that would read it behind something else is refused', () => {
  const reads = (...names: readonly string[]) =>
    refusal('LDS', ListenerSchema, { ...listenerWith([router]), listenerFilters: names.map((name) => ({ name })) })
  expect(reads(PROXY_PROTOCOL, TLS_INSPECTOR)).toMatchObject({ proxyProtocol: true, inspectTls: true })
  expect(reads(PROXY_PROTOCOL)).toMatchObject({ proxyProtocol: true, inspectTls: false })
  expect(reads(TLS_INSPECTOR)).not.toHaveProperty('proxyProtocol')
  for (const names of [
    [TLS_INSPECTOR, PROXY_PROTOCOL],
    [PROXY_PROTOCOL, PROXY_PROTOCOL],
  ])
    expect(reads(...names)).toMatchObject({ reason: `listener filter ${PROXY_PROTOCOL} must be the first, and the only one of its sort` })
  expect(reads('envoy.filters.listener.original_dst')).toMatchObject({
    reason: 'listener filter envoy.filters.listener.original_dst is not supported',
  })
})

test('connections without a PROXY header are not let in beside those with one', () => {
  const optional = create(AnySchema, {
    typeUrl: 'type.googleapis.com/envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol',
    value: new Writer().tag(2, WIRE.varint).uint32(1).finish(),
  })
  const listenerFilters = [{ name: PROXY_PROTOCOL, configType: { case: 'typedConfig', value: optional } }] as const
  expect(refusal('LDS', ListenerSchema, { ...listenerWith([router]), listenerFilters: [...listenerFilters] })).toMatchObject({
    reason: 'field 2 of envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol is not supported',
  })
})

test('the router must be there, and last', () => {
  expect(refusal('LDS', ListenerSchema, listenerWith([]))).toMatchObject({ reason: 'the last HTTP filter must be the router' })
  expect(refusal('LDS', ListenerSchema, listenerWith([router, router]))).toMatchObject({
    reason: 'the router must be the last HTTP filter',
  })
})

test('a field that we do not know is refused, however deep it is', () => {
  const priority = new Writer().tag(11, WIRE.varint).uint32(1).finish()
  const action = new Writer().tag(1, WIRE.bytes).string('c').raw(priority).finish()
  const route = new Writer().tag(2, WIRE.bytes).bytes(action).finish()
  const host = new Writer().tag(3, WIRE.bytes).bytes(route).finish()
  const table = new Writer().tag(2, WIRE.bytes).bytes(host).finish()
  expect(refusal('RDS', RouteConfigurationSchema, { name: 'foreign' }, table)).toEqual({
    type: 'RDS',
    resource: 'foreign',
    reason: 'field 11 of envoy.config.route.v3.RouteAction is not supported',
  })
})

test('mesh TLS that would accept any certificate is refused', () => {
  const commonTlsContext: MessageInitShape<typeof CommonTlsContextSchema> = {
    tlsCertificateSdsSecretConfigs: [{ name: 'default' }],
    validationContextType: { case: 'combinedValidationContext', value: { validationContextSdsSecretConfig: { name: 'ROOTCA' } } },
  }
  const transportSocket = {
    name: 'tls',
    configType: { case: 'typedConfig', value: pack(UpstreamTlsContextSchema, { commonTlsContext }) },
  } as const
  expect(refusal('CDS', ClusterSchema, { name: 'c', transportSocket })).toMatchObject({
    resource: 'c',
    reason: expect.stringContaining('any workload'),
  })
})

const STATIC = { case: 'type', value: Cluster_DiscoveryType.STATIC } as const

test('a load balancing policy and a discovery type that we do not have are refused', () => {
  expect(refusal('CDS', ClusterSchema, { name: 'c', lbPolicy: Cluster_LbPolicy.MAGLEV })).toMatchObject({
    reason: 'load balancing policy 5 is not supported',
  })
  const logical = { name: 'c', clusterDiscoveryType: { case: 'type', value: Cluster_DiscoveryType.LOGICAL_DNS } } as const
  expect(refusal('CDS', ClusterSchema, logical)).toMatchObject({ reason: 'discovery type 2 is not supported' })
})

test('outlier detection that we do not do is refused by name', () => {
  const of = (outlierDetection: MessageInitShape<typeof ClusterSchema>['outlierDetection']) =>
    refusal('CDS', ClusterSchema, { name: 'c', clusterDiscoveryType: STATIC, outlierDetection })
  const none = { enforcingSuccessRate: 0, baseEjectionTime: { seconds: 60n } }
  expect(of(none)).toMatchObject({ outlierDetection: { baseEjectionMs: 60_000, maxEjectionMs: 300_000 } })
  expect(of({})).toMatchObject({ reason: expect.stringContaining('by success rate') })
  expect(of({ ...none, enforcingFailurePercentage: 1 })).toMatchObject({ reason: expect.stringContaining('by failure percentage') })
  expect(of({ ...none, maxEjectionTime: { seconds: 59n } })).toMatchObject({
    reason: 'outlier detection: max_ejection_time is shorter than base_ejection_time',
  })
})

test('a header value with a format that would have to be filled in is refused, a percent sign is not', () => {
  const table = (value: string) =>
    ({
      name: 't',
      virtualHosts: [
        {
          name: 'h',
          domains: ['*'],
          routes: [
            {
              match: { pathSpecifier: { case: 'prefix', value: '/' } },
              action: { case: 'directResponse', value: { status: 200 } },
              requestHeadersToAdd: [{ header: { key: 'x', value } }],
            },
          ],
        },
      ],
    }) as MessageInitShape<typeof RouteConfigurationSchema>
  expect(refusal('RDS', RouteConfigurationSchema, table('%START_TIME%'))).toMatchObject({
    reason: 'header x: the format %START_TIME% is not supported',
  })
  expect(refusal('RDS', RouteConfigurationSchema, table('100%%'))).toMatchObject({
    hosts: [{ routes: [{ requestHeaders: { add: [['x', '100%']] } }] }],
  })
})

test('a regular expression that would not be run is refused where requests are routed by it', () => {
  const table = (parts: object) =>
    ({
      name: 't',
      virtualHosts: [{ name: 'h', domains: ['*'], routes: [{ match: { pathSpecifier: { case: 'prefix', value: '/' } }, ...parts }] }],
    }) as MessageInitShape<typeof RouteConfigurationSchema>
  const large = 'is a regular expression whose program has about 4007 instructions; at most 1250 are taken'
  const action = { case: 'directResponse', value: { status: 200 } }
  const safeRegex = { case: 'safeRegex', value: { regex: '(.?){1000}N' } }
  const stringMatch = { case: 'stringMatch', value: { matchPattern: safeRegex } }
  expect(refusal('RDS', RouteConfigurationSchema, table({ match: { pathSpecifier: safeRegex }, action }))).toMatchObject({
    resource: 't',
    reason: `the match on the path ${large}`,
  })
  const headers = [{ name: 'x-a', headerMatchSpecifier: stringMatch }]
  const byHeader = table({ match: { pathSpecifier: { case: 'prefix', value: '/' }, headers }, action })
  expect(refusal('RDS', RouteConfigurationSchema, byHeader)).toMatchObject({ reason: `the match on x-a ${large}` })
  const rewrite = { clusterSpecifier: { case: 'cluster', value: 'c' }, regexRewrite: { pattern: { regex: '(' }, substitution: '' } }
  expect(refusal('RDS', RouteConfigurationSchema, table({ action: { case: 'route', value: rewrite } }))).toMatchObject({
    reason: expect.stringContaining("the rewrite is not a regular expression in RE2's syntax"),
  })
})

test('what a listener says about paths is taken where it is one of the forms of Istio', () => {
  type Paths = Pick<
    MessageInitShape<typeof HttpConnectionManagerSchema>,
    'normalizePath' | 'mergeSlashes' | 'pathWithEscapedSlashesAction' | 'xffNumTrustedHops'
  >
  const read = (paths: Paths) => refusal('LDS', ListenerSchema, listenerWith([router], paths))
  const chain = (filter: object) => ({ chains: [{ filter }] })
  expect(read({ mergeSlashes: true, xffNumTrustedHops: 2 })).toMatchObject(
    chain({ pathNormalization: 'merge-slashes', forwarded: { from: [], hops: 2 } }),
  )
  expect(read({ normalizePath: false })).toMatchObject(chain({ pathNormalization: 'none' }))
  expect(read({ normalizePath: false, mergeSlashes: true })).toMatchObject({
    reason: 'merging or decoding slashes without normalize_path is not supported',
  })
  expect(read({ mergeSlashes: true, pathWithEscapedSlashesAction: 2 })).toMatchObject({
    reason: 'path_with_escaped_slashes_action 2 is not supported',
  })
})

test('bytes that are no resource are refused, and named as far as they can be read', () => {
  const named = new Writer().tag(1, WIRE.bytes).string('half').finish()
  expect(decodeResource('CDS', '', Buffer.concat([named, Buffer.from([0x1a, 0xff])]))).toMatchObject({
    kind: 'rejected',
    rejection: { resource: 'half' },
  })
  expect(decodeResource('CDS', '', Buffer.from([0xff]))).toMatchObject({ kind: 'rejected', rejection: { resource: '(unreadable)' } })
})

test('a resource under another name than its own is refused', () => {
  const bytes = toBinary(ClusterSchema, create(ClusterSchema, { name: 'c' }))
  expect(decodeResource('CDS', 'other', bytes)).toMatchObject({
    kind: 'rejected',
    rejection: { resource: 'other', reason: 'it calls itself c' },
  })
})
