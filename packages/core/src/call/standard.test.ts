import { expect, test } from 'vitest'
import { MeshError } from '../error/mesh-error.ts'
import { aCluster, aFilter, anEndpoint, aRoute, aTable, aView, forwardTo } from '../engine/testdata/build.ts'
import type { HttpFilterChain } from '../view/listener.ts'
import type { RetryPolicy, Route } from '../view/route.ts'
import { simulate, type Simulation } from './testdata/simulate.ts'

const view = aView({
  clusters: [
    aCluster('a'),
    aCluster('empty'),
    aCluster('block', { discovery: { kind: 'blackhole' } }),
    aCluster('any', { discovery: { kind: 'original-dst' } }),
  ],
  endpoints: [{ cluster: 'a', endpoints: [anEndpoint('127.0.0.3'), anEndpoint('127.0.0.4')] }],
})
const RETRY: RetryPolicy = {
  attempts: 2,
  on: ['5xx', 'connect-failure'],
  statuses: [],
  perTryTimeoutMs: 0,
  backoffBaseMs: 25,
  backoffMaxMs: 250,
  avoidTriedPicks: 5,
}
const NOT_CONNECTED = new MeshError({ code: 'x', fault: 'upstream', flag: 'UF', retry: true, message: 'refused' })
const CUT_OFF = new MeshError({ code: 'x', fault: 'upstream', flag: 'UC', retry: false, message: 'reset' })

const ID = 'abababab-abab-4bab-abab-abababababab'
const SIGNED = ['x-request-id', ID]

const run = (route: Partial<Route>, rest: Partial<Simulation> = {}, filter: Partial<HttpFilterChain> = {}) =>
  simulate({ view, filter: aFilter(aTable([aRoute(route)]), filter), ...rest })

test('a request goes to an endpoint and its reply comes back', () => {
  const { status, tries, call } = run({})
  expect(status).toBe(200)
  expect(tries).toMatchObject([{ endpoint: { address: '127.0.0.3' }, attempt: '1' }])
  expect(call).toMatchObject({ details: 'via_upstream', flags: [], attempts: 1 })
})

test('a stage with nothing to do is not in the list', () => {
  expect(run({}).stages).toEqual(['sanitise', 'request id', 'normalise', 'route', 'destination', 'deadline', 'pick'])
  expect(run({}, { listener: { direction: 'inbound' } }).stages).toEqual([
    'sanitise',
    'request id',
    'normalise',
    'route',
    'destination',
    'pick',
  ])
})

test.each([
  [{ match: { path: { kind: 'exact', value: '/x' }, headers: [], query: [] } }, 404, 'NR', 'route_not_found'],
  [{ action: forwardTo('gone') }, 503, 'NC', 'cluster_not_found'],
  [{ action: forwardTo('empty') }, 503, 'UH', 'no_healthy_upstream'],
] as const)('%j has nowhere to go', (route, status, flag, details) => {
  const { local, call } = run(route)
  expect(local).toMatchObject({ status, flag, details })
  expect(call).toMatchObject({ flags: [flag], details })
})

test('a host outside the registry is refused with 502', () => {
  expect(run({ action: forwardTo('block') })).toMatchObject({ status: 502, call: { flags: [], target: { cluster: 'block' } } })
})

test('an original destination is left to the driver', () => {
  expect(run({ action: forwardTo('any') }).tries).toMatchObject([{ endpoint: undefined }])
})

test('a route may answer here', () => {
  expect(run({ action: { kind: 'respond', status: 418, body: 'teapot' } }).local).toMatchObject({ status: 418, body: 'teapot' })
  const moved = run({ action: { kind: 'redirect', status: 301, path: '/new', authority: 'b' } }, { request: { path: '/old?q=1' } })
  expect(moved.local).toMatchObject({ status: 301, headers: [['location', 'http://b/new?q=1'], SIGNED] })
  const secured = run({ action: { kind: 'redirect', status: 308, scheme: 'https' } }, { request: { authority: 'a:80', path: '/p' } })
  expect(secured.local?.headers).toEqual([['location', 'https://a/p'], SIGNED])
})

test('authorization comes before routing and tells the caller nothing', () => {
  const denied = run({ action: forwardTo('gone') }, {}, { authz: [{ action: 'ALLOW', policies: [] }] })
  expect(denied.local).toMatchObject({
    status: 403,
    body: `RBAC: access denied (id ${ID})`,
    details: 'rbac_access_denied_matched_policy[none]',
  })
})

test('one path for authorization, routing and upstream', () => {
  const admin = {
    name: 'p',
    permissions: [{ kind: 'path', path: { kind: 'prefix', value: '/admin' } }],
    principals: [{ kind: 'any' }],
  } as const
  const filter = { authz: [{ action: 'DENY', policies: [admin] }] } as const
  expect(run({}, { request: { path: '/x/..%2e/%61dmin' } }, filter).tries).toMatchObject([
    { path: '/x/..%2e/admin'.replace('..%2e', '...') },
  ])
  expect(run({}, { request: { path: '/x/%2e%2e/%61dmin' } }, filter).status).toBe(403)
  expect(run({}, { request: { path: '/a%00' } }).local).toMatchObject({ status: 400, details: 'path_normalization_failed' })
})

test('an injected delay passes before the timeout begins', () => {
  const slow = { timeoutMs: 500, fault: { delay: { ms: 7000, partsPerMillion: 1_000_000 } } }
  expect(run(slow)).toMatchObject({ status: 200, durationMs: 7000, call: { flags: ['DI'] } })
  expect(run(slow, { upstream: [{ afterMs: 501, status: 200 }] })).toMatchObject({
    status: 504,
    durationMs: 7500,
    call: { flags: ['DI', 'UT'] },
  })
})

test('an injected abort answers its share of the requests', () => {
  const fault = { abort: { status: 555, partsPerMillion: 500_000 } }
  expect(run({ fault }, { chance: () => 0.49 }).local).toMatchObject({
    status: 555,
    flag: 'FI',
    details: 'fault_filter_abort',
    body: `fault filter abort (id ${ID})`,
  })
  expect(run({ fault }, { chance: () => 0.5 }).status).toBe(200)
})

test('all tries together end at the deadline', () => {
  const { status, durationMs, call, request } = run({ timeoutMs: 300 }, { upstream: [{ afterMs: 301, status: 200 }] })
  expect({ status, durationMs, flags: call.flags, details: call.details }).toEqual({
    status: 504,
    durationMs: 300,
    flags: ['UT'],
    details: 'response_timeout',
  })
  expect(request.header('x-envoy-expected-rq-timeout-ms')).toBe('300')
})

test('the application may ask for another timeout, a stranger may not', () => {
  const request = { headers: [['x-envoy-upstream-rq-timeout-ms', '50']] } as const
  const upstream = [{ afterMs: 100, status: 200 }]
  expect(run({ timeoutMs: 300 }, { request, upstream })).toMatchObject({ status: 504, durationMs: 50 })
  expect(run({ timeoutMs: 300 }, { request, upstream, listener: { direction: 'gateway' } }, { edge: true }).status).toBe(200)
  expect(run({ timeoutMs: 300 }, { request, upstream, listener: { direction: 'inbound' } }).status).toBe(200)
})

test('a try that could not connect is repeated elsewhere, a POST too', () => {
  const { tries, status, call } = run(
    { action: forwardTo('a', { retry: RETRY }) },
    { request: { method: 'POST' }, hasBody: true, upstream: [{ error: NOT_CONNECTED }, { status: 200 }], chance: () => 0 },
  )
  expect(status).toBe(200)
  expect(tries.map(({ endpoint, attempt }) => [endpoint?.address, attempt])).toEqual([
    ['127.0.0.3', '1'],
    ['127.0.0.4', '2'],
  ])
  expect(call).toMatchObject({ attempts: 2, flags: [] })
})

test('a POST that may have been processed is not repeated', () => {
  const action = forwardTo('a', { retry: RETRY })
  expect(run({ action }, { request: { method: 'POST' }, upstream: [{ error: CUT_OFF }] })).toMatchObject({
    status: 503,
    call: { flags: ['UC'], attempts: 1 },
  })
  expect(run({ action }, { request: { method: 'POST' }, upstream: [{ status: 500 }] })).toMatchObject({
    status: 500,
    call: { attempts: 1 },
  })
  expect(run({ action }, { upstream: [{ error: CUT_OFF }, { status: 200 }] }).status).toBe(200)
})

test('a body that is gone cannot be sent again', () => {
  const action = forwardTo('a', { retry: RETRY })
  expect(run({ action }, { bodyReplayable: false, upstream: [{ error: NOT_CONNECTED }] }).call.attempts).toBe(1)
})

test('when tries run out the last answer counts, flagged URX', () => {
  const action = forwardTo('a', { retry: RETRY })
  expect(run({ action }, { upstream: [{ status: 503 }] })).toMatchObject({
    status: 503,
    local: undefined,
    call: { attempts: 3, flags: ['URX'] },
  })
  expect(run({ action }, { upstream: [{ error: NOT_CONNECTED }] }).call.flags).toEqual(['URX', 'UF'])
})

test('back-off is jittered, doubled and capped', () => {
  const retry = { ...RETRY, attempts: 5, backoffMaxMs: 60 }
  const { tries } = run({ action: forwardTo('a', { retry }) }, { upstream: [{ status: 500 }], chance: () => 0.999 })
  expect(tries.map(({ atMs }) => atMs)).toEqual([0, 24, 73, 132, 191, 250])
})

test('each try has its own time', () => {
  const retry = { ...RETRY, perTryTimeoutMs: 100 }
  const { status, tries, call } = run(
    { action: forwardTo('a', { retry }) },
    {
      upstream: [
        { afterMs: 500, status: 200 },
        { afterMs: 99, status: 200 },
      ],
    },
  )
  expect(status).toBe(200)
  expect(tries.map(({ atMs }) => atMs)).toEqual([0, 100])
  expect(call.attempts).toBe(2)
})

test('the deadline ends a call that waits for its next try', () => {
  const retry = { ...RETRY, backoffBaseMs: 1000, backoffMaxMs: 1000 }
  const out = run({ timeoutMs: 300, action: forwardTo('a', { retry }) }, { upstream: [{ status: 500 }], chance: () => 0.99 })
  expect(out).toMatchObject({ status: 504, durationMs: 300, call: { attempts: 1, flags: ['UT'] } })
})

test('retries beside each other are bounded, and slots come back', () => {
  let free = 0
  const retrySlots = { take: () => free-- > 0, give: () => void free++ }
  const action = forwardTo('a', { retry: RETRY })
  expect(run({ action }, { retrySlots, upstream: [{ status: 500 }] })).toMatchObject({ status: 500, call: { attempts: 1, flags: ['UO'] } })
  free = 1
  expect(run({ action }, { retrySlots, upstream: [{ status: 500 }] }).call.attempts).toBe(3)
  expect(free).toBe(1)
})

test('heads are edited, the destination first, and framing is left alone', () => {
  const target = { cluster: 'a', weight: 1, requestHeaders: { set: [['x', 'destination']], add: [], remove: [] } } as const
  const route: Partial<Route> = {
    action: { kind: 'forward', clusters: [target] },
    requestHeaders: {
      set: [
        ['content-length', '5'],
        [':authority', 'other'],
      ],
      add: [['x', 'route']],
      remove: ['cookie'],
    },
    responseHeaders: { set: [['server', 'mesh']], add: [], remove: ['x-secret'] },
  }
  const { request, reply } = run(route, {
    request: { headers: [['cookie', 'c']] },
    upstream: [{ status: 200, headers: [['x-secret', 's']] }],
  })
  expect(request.header('x')).toBe('destination,route')
  expect(request.authority).toBe('other')
  expect([request.header('cookie'), request.header('content-length'), reply?.header('x-secret'), reply?.header('server')]).toEqual([
    undefined,
    undefined,
    undefined,
    'mesh',
  ])
})

test.each([
  [{ kind: 'prefix', value: '/api/' }, { prefix: '/' }, '/api/v1?q', '/v1?q'],
  [{ kind: 'prefix', value: '/api' }, { prefix: '/' }, '/api/v1', '/v1'],
  [{ kind: 'prefix', value: '/api' }, { prefix: '/' }, '/api', '/'],
  [{ kind: 'prefix', value: '/api' }, { prefix: '/v2' }, '/api/x', '/v2/x'],
  [{ kind: 'exact', value: '/api' }, { prefix: '/v2' }, '/api?q=1', '/v2?q=1'],
  [{ kind: 'prefix', value: '/' }, { regex: { pattern: 'a', substitution: '[\\0\\7]$1' } }, '/bab', '/b[a]$1b'],
  [{ kind: 'prefix', value: '/' }, { regex: { pattern: '^/item/([0-9]+)$', substitution: '/i?id=\\1' } }, '/item/7', '/i?id=7'],
] as const)('%j with %j rewrites %s to %s', (path, rewrite, from, to) => {
  const out = run({ match: { path, headers: [], query: [] }, action: forwardTo('a', { rewrite }) }, { request: { path: from } })
  expect(out.tries[0]?.path).toBe(to)
  expect(out.call.originalPath).toBe(from)
})

test('at an edge nothing that a stranger wrote about the mesh goes on', () => {
  const headers = [
    ['x-envoy-retry-on', '5xx'],
    ['x-forwarded-for', '10.0.0.1'],
    ['x-forwarded-client-cert', 'URI=spiffe://cluster.local/ns/default/sa/admin'],
    ['x-request-id', 'mine'],
  ] as const
  const { request, call } = run(
    {},
    { request: { headers }, peer: { address: '203.0.113.9' }, listener: { direction: 'gateway' } },
    { edge: true },
  )
  expect(request.header('x-forwarded-for')).toBe('203.0.113.9')
  expect([request.header('x-envoy-retry-on'), request.header('x-forwarded-client-cert')]).toEqual([undefined, undefined])
  expect(call.requestId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(run({}, { request: { headers } }).call.requestId).toBe('mine')
})

test('each hop is a span of its own in the trace of the caller', () => {
  const headers = [['traceparent', '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01']] as const
  const { call, request } = run({}, { request: { headers } }, { tracing: { samplePartsPerMillion: 0 } })
  expect(call.trace).toEqual({
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    spanId: 'abababababababab',
    parentSpanId: '00f067aa0ba902b7',
    sampled: true,
  })
  expect(request.header('traceparent')).toBe('00-4bf92f3577b34da6a3ce929d0e0e4736-abababababababab-01')
  expect([request.header('x-b3-traceid'), request.header('x-b3-parentspanid'), request.header('x-b3-sampled')]).toEqual([
    '4bf92f3577b34da6a3ce929d0e0e4736',
    '00f067aa0ba902b7',
    '1',
  ])
})

test('a new trace is sampled by chance', () => {
  const tracing = { samplePartsPerMillion: 10_000 }
  expect(run({}, { chance: () => 0.0099 }, { tracing }).call.trace?.sampled).toBe(true)
  expect(run({}, { chance: () => 0.01 }, { tracing }).call.trace?.sampled).toBe(false)
})

test('the configuration that decided a reply made here is noted, for the record and not for the caller', () => {
  const at = (name: string) => ({ kind: 'VirtualService', namespace: 'default', name, file: `${name}.yaml`, line: 3 })
  const cause = (route: Partial<Route>, rest: Partial<Simulation> = {}, filter: Partial<HttpFilterChain> = {}) => {
    const { call, local } = run({ origin: at('route'), ...route }, rest, filter)
    expect(JSON.stringify([local?.body, local?.headers])).not.toMatch(/yaml|default\//)
    return call.cause?.name
  }
  const everyone = { partsPerMillion: 1_000_000 }
  const target = { cluster: 'gone', weight: 1, origin: at('target') }
  const policy = { name: 'p', permissions: [{ kind: 'any' }], principals: [{ kind: 'any' }], origin: at('policy') } as const
  const nobody = { ...policy, permissions: [] }
  expect(cause({})).toBeUndefined()
  expect(cause({ fault: { abort: { status: 500, ...everyone, origin: at('abort') } } })).toBe('abort')
  expect(cause({ fault: { delay: { ms: 5, ...everyone, origin: at('delay') } } })).toBe('delay')
  expect(cause({ action: { kind: 'respond', status: 404 } })).toBe('route')
  expect(cause({ action: { kind: 'forward', clusters: [target] } })).toBe('target')
  expect(cause({ action: forwardTo('block') })).toBe('route')
  expect(cause({ timeoutMs: 5 }, { upstream: [{ afterMs: 9, status: 200 }] })).toBe('route')
  expect(cause({}, {}, { authz: [{ action: 'DENY', policies: [policy] }] })).toBe('policy')
  expect(cause({}, {}, { authz: [{ action: 'ALLOW', policies: [nobody] }] })).toBe('policy')
  const rules = aView({ clusters: [aCluster('empty', { origin: at('rule') })] })
  expect(cause({ action: forwardTo('empty') }, { view: rules })).toBe('rule')
  const full = new MeshError({ code: 'overflow', fault: 'local', flag: 'UO', retry: false, message: 'full' })
  const shared = aView({ ...view, clusters: [aCluster('a', { origin: at('limits') })] })
  expect(cause({}, { view: shared, upstream: [{ error: full }] })).toBe('limits')
  expect(cause({ fault: { delay: { ms: 5, ...everyone, origin: at('delay') } } }, { upstream: [{ error: CUT_OFF }] })).toBeUndefined()
})

test('a request that is refused before anything else has an id too', () => {
  expect(run({}, { request: { path: '/a%00' } }).local).toMatchObject({ status: 400, body: `the path is malformed (id ${ID})` })
})
