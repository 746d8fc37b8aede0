import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileEngine } from '../engine/compile-engine.ts'
import { aCluster, aFilter, aListener, anEndpoint, aRoute } from '../engine/testdata/build.ts'
import { simulate, type Simulated } from '../call/testdata/simulate.ts'
import type { Cluster } from '../view/cluster.ts'
import type { NodeSelf } from '../view/node.ts'
import type { HeaderMatch, StringMatch } from '../view/match.ts'
import type { Route, VirtualHost } from '../view/route.ts'
import { EMPTY_VIEW, type View } from '../view/view.ts'
import type { HttpFilterChain } from '../view/listener.ts'
import { explain } from './explain.ts'
import type { Outcome } from './question.ts'

const SELF: NodeSelf = {
  kind: 'sidecar',
  name: 'client-0',
  namespace: 'default',
  serviceAccount: 'client',
  workload: 'client',
  labels: {},
  address: '127.0.0.9',
  cluster: 'Kubernetes',
  trustDomain: 'cluster.local',
  identity: true,
  capture: 'none',
}

const word = fc.constantFrom('a', 'ab', 'b', 'jason', '')
const text: fc.Arbitrary<StringMatch> = fc.oneof(
  fc.record({ kind: fc.constantFrom('exact' as const, 'prefix' as const, 'suffix' as const, 'contains' as const), value: word }),
  fc.record({ kind: fc.constant('regex' as const), value: fc.constantFrom('a.*', '[ab]+', '(') }),
)
const header: fc.Arbitrary<HeaderMatch> = fc.record({
  name: fc.constantFrom('x', 'y', ':method'),
  value: fc.oneof(text, fc.constant({ kind: 'present' as const })),
  invert: fc.boolean(),
  absentIsEmpty: fc.boolean(),
})
const path = fc.oneof(
  fc.record({ kind: fc.constantFrom('exact' as const, 'prefix' as const), value: fc.constantFrom('/', '/a', '/a/b', '/b') }),
  fc.record({ kind: fc.constant('regex' as const), value: fc.constantFrom('/a.*', '/[ab]+', '[') }),
)
const action: fc.Arbitrary<Route['action']> = fc.oneof(
  fc
    .array(fc.record({ cluster: fc.constantFrom('one', 'two', 'gone', 'empty'), weight: fc.integer({ min: 1, max: 3 }) }), {
      minLength: 1,
      maxLength: 3,
    })
    .map((clusters) => ({ kind: 'forward' as const, clusters })),
  fc.record({ kind: fc.constant('respond' as const), status: fc.constantFrom(200, 404, 503) }),
  fc.record({ kind: fc.constant('redirect' as const), status: fc.constantFrom(301, 308) }),
)
const query = fc.record({ name: fc.constantFrom('q', 'r'), value: fc.oneof(text, fc.constant({ kind: 'present' as const })) })
const route: fc.Arbitrary<Route> = fc
  .record({ name: word, path, headers: fc.array(header, { maxLength: 2 }), query: fc.array(query, { maxLength: 1 }), action })
  .map((parts) =>
    aRoute({ name: parts.name, match: { path: parts.path, headers: parts.headers, query: parts.query }, action: parts.action }),
  )
const host: fc.Arbitrary<VirtualHost> = fc.record({
  name: word,
  domains: fc.array(fc.constantFrom('*', 'a', 'a:80', 'a.example', '*.example', 'b.*'), { minLength: 1, maxLength: 2 }),
  routes: fc.array(route, { maxLength: 4 }),
})
const view: fc.Arbitrary<View> = fc.array(host, { maxLength: 4 }).map((hosts) => ({
  ...EMPTY_VIEW,
  listeners: [aListener(aFilter({ name: 'http_proxy', hosts }, { routes: { kind: 'rds', name: 'http_proxy' } }))],
  routes: [{ name: 'http_proxy', hosts }],
  clusters: [aCluster('one'), aCluster('two'), aCluster('empty')],
  endpoints: [
    { cluster: 'one', endpoints: [anEndpoint('127.0.0.3')] },
    { cluster: 'two', endpoints: [anEndpoint('127.0.0.4'), anEndpoint('127.0.0.5')] },
  ],
}))
const request = fc.record({
  method: fc.constantFrom('GET', 'POST'),
  authority: fc.constantFrom('a', 'A', 'a:80', 'a:81', 'a.example', 'a.example:8080', 'b.c', 'zz'),
  path: fc.constantFrom('/', '/a', '/a/b', '/b?q=a', '/a/../b', '/a%00', '/ab?r=b&q'),
  headers: fc.array(fc.tuple(fc.constantFrom('x', 'y'), word), { maxLength: 3 }),
})

test('explain says what a call does, on random views and requests', () => {
  const seen = new Set<string>()
  fc.assert(
    fc.property(view, request, fc.double({ min: 0, max: 0.999_999, noNaN: true }), (of, asked, chance) => {
      const did = simulate({
        view: of,
        filter: filterOf(of),
        request: { ...asked, scheme: 'http' },
        peer: { address: SELF.address },
        chance: () => chance,
      })
      const { outcome } = explain({
        engine: compileEngine(of),
        self: SELF,
        method: asked.method,
        url: `http://${asked.authority}${asked.path}`,
        headers: asked.headers,
      })
      seen.add(did.tries.length > 0 ? 'sent' : did.call.details)
      expect(toldOf(outcome, did)).toEqual(didOf(did))
    }),
    // Another seed may miss a kind.
    { numRuns: 500, seed: 7 },
  )
  for (const kind of ['sent', 'route_not_found', 'cluster_not_found', 'no_healthy_upstream', 'direct_response'])
    expect(seen).toContain(kind)
})

interface Answer {
  readonly status: number
  readonly route: Route | undefined
  readonly cluster: string | undefined
  readonly endpoint: string | undefined
}

/** What explain foretold for the share that chance picked; upstreams answer 200. */
function toldOf(outcome: Outcome, did: Simulated): Answer {
  if (outcome.kind === 'reply') return { status: outcome.status, route: outcome.route, cluster: undefined, endpoint: undefined }
  const share = outcome.shares.find(({ target }) => target === did.call.target)
  const went = share?.endpoints.find(
    ({ endpoint }) => endpoint === did.tries[0]?.endpoint || endpoint.address === did.tries[0]?.endpoint?.address,
  )
  const { route } = outcome
  return {
    status: share === undefined || share.endpoints.length === 0 ? 503 : 200,
    route,
    cluster: share?.cluster?.cluster.name,
    endpoint: went?.endpoint.address,
  }
}

function didOf({ status, call, tries }: Simulated): Answer {
  return { status, route: call.route, cluster: call.cluster?.cluster.name, endpoint: tries[0]?.endpoint?.address }
}

function filterOf({ listeners }: View): HttpFilterChain {
  const filter = listeners[0]?.chains[0]?.filter
  if (filter?.kind !== 'http') throw new Error('the chain is HTTP')
  return filter
}

test('shares add up', () => {
  const clusters = [
    { cluster: 'one', weight: 1 },
    { cluster: 'two', weight: 2 },
  ]
  const of = fc.sample(view, 1)[0]!
  const hosts = [{ name: 'a', domains: ['*'], routes: [aRoute({ action: { kind: 'forward', clusters } })] }]
  const { outcome, reasons } = explain({
    engine: compileEngine({ ...of, routes: [{ name: 'http_proxy', hosts }] }),
    self: SELF,
    method: 'get',
    url: 'http://a/',
  })
  expect(outcome).toMatchObject({ kind: 'forward', tries: 1, timeoutMs: 0 })
  expect(reasons.filter(({ stage }) => stage === 'cluster').map(({ outcome: said }) => said)).toEqual([
    '33.3333 % to one',
    '66.6667 % to two',
  ])
})

const inbound = (
  address: string,
  chains: readonly ('tls' | 'raw')[],
  origin = { kind: 'PeerAuthentication', namespace: 'default', name: 'default', file: 'peer.yaml', line: 3 },
): View => ({
  ...EMPTY_VIEW,
  listeners: [
    {
      ...aListener(aFilter({ name: 'inbound', hosts: [] })),
      address,
      port: 9080,
      direction: 'inbound',
      chains: chains.map((transport) => ({
        name: transport,
        match: { transport },
        origin,
        filter: aFilter({ name: 'inbound', hosts: [] }),
        ...(transport === 'tls' ? { tls: { mode: 'mesh' as const, alpn: [], requireClientCert: true, trustDomains: [] } } : {}),
      })),
    },
  ],
})

const toOne = (endpoint: Parameters<typeof anEndpoint>[1], tls?: 'auto'): View => {
  const hosts = [
    { name: 'a', domains: ['*'], routes: [aRoute({ action: { kind: 'forward', clusters: [{ cluster: 'one', weight: 1 }] } })] },
  ]
  return {
    ...EMPTY_VIEW,
    listeners: [aListener(aFilter({ name: 'http_proxy', hosts }, { routes: { kind: 'rds', name: 'http_proxy' } }))],
    routes: [{ name: 'http_proxy', hosts }],
    clusters: [aCluster('one', tls === undefined ? {} : { tls: { mode: tls, sni: 'one', alpn: ['istio'], sans: [] } })],
    endpoints: [{ cluster: 'one', endpoints: [anEndpoint('127.0.0.3', endpoint)] }],
  }
}

test('plain text to a STRICT destination is told, and who demands mTLS', () => {
  const { outcome, reasons } = explain({
    engine: compileEngine(toOne({})),
    self: SELF,
    method: 'GET',
    url: 'http://a/',
    destination: () => compileEngine(inbound('127.0.0.3', ['tls'])),
  })
  expect(outcome).toMatchObject({ shares: [{ endpoints: [{ security: 'plain', authorization: 'denied', refused: true }] }] })
  expect(reasons.at(-1)).toMatchObject({ stage: 'tls', origin: { file: 'peer.yaml', line: 3 } })
})

test('mTLS follows from what both ends can do', () => {
  const ask = (self: NodeSelf, tls: 'istio' | undefined) =>
    explain({
      engine: compileEngine(toOne(tls === undefined ? {} : { tls }, 'auto')),
      self,
      method: 'GET',
      url: 'http://a/',
      destination: () => compileEngine(inbound('127.0.0.3', ['tls', 'raw'])),
    }).outcome
  expect(ask(SELF, 'istio')).toMatchObject({ shares: [{ endpoints: [{ security: 'mtls', authorization: 'allowed' }] }] })
  expect(ask(SELF, undefined)).toMatchObject({ shares: [{ endpoints: [{ security: 'plain', authorization: 'allowed' }] }] })
  expect(ask({ ...SELF, identity: false }, 'istio')).toMatchObject({ shares: [{ endpoints: [{ security: 'plain' }] }] })
})

test('which HTTP two sidecars speak is told, and what keeps them from sharing connections', () => {
  const said = (parts: Partial<Cluster>): readonly string[] => {
    const toThere = toOne({ tls: 'istio' }, 'auto')
    const view = { ...toThere, clusters: toThere.clusters.map((one) => ({ ...one, ...parts })) }
    const { reasons } = explain({ engine: compileEngine(view), self: SELF, method: 'GET', url: 'http://a/' })
    return reasons.filter(({ stage, outcome }) => stage === 'tls' && outcome.includes('HTTP')).map(({ outcome }) => outcome)
  }
  expect(said({ protocol: 'auto' })).toEqual([
    'between the proxies: HTTP/2 on shared connections where both are of this mesh, else HTTP/1.1',
  ])
  expect(said({ protocol: 'h2' })).toEqual(['between the proxies: HTTP/2 on shared connections'])
  expect(said({ protocol: 'http/1.1' })).toEqual(['between the proxies: HTTP/1.1'])
  expect(said({ protocol: 'http/1.1', maxConnections: 1, maxRequestsPerConnection: 1 })).toEqual([
    'between the proxies: HTTP/1.1, since `maxConnections` and `maxRequestsPerConnection` would mean something else on shared connections',
  ])
  expect(said({ protocol: 'tcp' })).toEqual([])
})

test('a call that happened is told on the route that it took, whatever its headers were', () => {
  const at = (line: number) => ({ kind: 'VirtualService', namespace: 'default', name: 'ratings', file: 'a.yaml', line })
  const abort = { abort: { status: 500, partsPerMillion: 1_000_000, origin: at(5) } }
  const jason = {
    path: { kind: 'prefix', value: '/' },
    headers: [{ name: 'end-user', value: { kind: 'exact', value: 'jason' } }],
    query: [],
  } as const
  const routes = [aRoute({ match: jason, fault: abort, origin: at(3) }), aRoute({ origin: at(9) })]
  const filter = aFilter({ name: 't', hosts: [{ name: 'host', domains: ['*'], routes }] })
  const engine = compileEngine({ ...EMPTY_VIEW, listeners: [aListener(filter)], clusters: [aCluster('a')] })
  const question = { engine, self: SELF, method: 'GET', url: 'http://ratings/0' }
  const routeOf = (outcome: Outcome): number | undefined => outcome.route?.origin?.line
  expect(routeOf(explain(question).outcome)).toBe(9)
  const told = explain({ ...question, taken: at(3) })
  expect([routeOf(told.outcome), told.outcome.kind === 'forward' ? told.outcome.fault : undefined]).toEqual([3, abort])
  expect(told.reasons.map(({ stage }) => stage)).toContain('fault')
  expect(routeOf(explain({ ...question, taken: at(77) }).outcome)).toBe(9)
})
