import fc, { type Arbitrary } from 'fast-check'
import type {
  Fault,
  Forward,
  Rewrite,
  RetryPolicy,
  Route,
  RouteAction,
  RouteMatch,
  RouteTable,
  VirtualHost,
  WeightedCluster,
} from '@mesh/core/view'
import { headerMatch, headerOps, list, ms, name, origin, partsPerMillion, port, queryMatch, text } from './parts-arbitrary.ts'

const yes = fc.constant(true as const)
const path = fc.stringMatching(/^\/[a-z/]{0,8}$/)

const match: Arbitrary<RouteMatch> = fc.record({
  path: fc.oneof(
    fc.record(
      { kind: fc.constantFrom('exact' as const, 'prefix' as const), value: path, ignoreCase: yes },
      { requiredKeys: ['kind', 'value'] },
    ),
    fc.record({ kind: fc.constant('regex' as const), value: fc.constantFrom('/a.*', '/[0-9]+') }),
  ),
  headers: list(headerMatch),
  query: list(queryMatch),
})

const weighted: Arbitrary<WeightedCluster> = fc.record(
  { cluster: name, weight: fc.integer({ min: 1, max: 100 }), requestHeaders: headerOps, responseHeaders: headerOps, origin },
  { requiredKeys: ['cluster', 'weight'] },
)

const rewrite: Arbitrary<Rewrite> = fc.oneof(
  fc.record({ prefix: path, authority: name }, { requiredKeys: ['prefix'] }),
  fc.record(
    { regex: fc.record({ pattern: fc.constant('^/a/(.*)$'), substitution: fc.constant('/b/\\1') }), authority: name },
    { requiredKeys: ['regex'] },
  ),
  fc.record({ authority: name }),
)

const retry: Arbitrary<RetryPolicy> = fc
  .record({
    attempts: fc.nat(10),
    on: fc.subarray(['connect-failure', 'refused-stream', '5xx', 'retriable-status-codes']),
    statuses: list(fc.integer({ min: 400, max: 599 })),
    perTryTimeoutMs: fc.oneof(fc.constant(0), ms),
    backoffBaseMs: ms,
    backoffMaxMs: ms,
    avoidTriedPicks: fc.nat(5),
  })
  .map((policy) => ({ ...policy, backoffMaxMs: policy.backoffBaseMs + policy.backoffMaxMs }))

const forward: Arbitrary<Forward> = fc.record(
  {
    kind: fc.constant('forward' as const),
    clusters: fc.oneof(list(weighted, 1), fc.tuple(name.map((cluster) => ({ cluster, weight: 100 })))),
    rewrite,
    retry,
  },
  { requiredKeys: ['kind', 'clusters'] },
)

const answer: Arbitrary<RouteAction> = fc.oneof(
  fc.record(
    {
      kind: fc.constant('redirect' as const),
      status: fc.constantFrom(301, 302, 303, 307, 308),
      scheme: fc.constantFrom('http', 'https'),
      authority: name,
      port,
      path,
    },
    { requiredKeys: ['kind', 'status'] },
  ),
  fc.record(
    { kind: fc.constant('respond' as const), status: fc.integer({ min: 200, max: 599 }), body: text },
    { requiredKeys: ['kind', 'status'] },
  ),
)

const fault: Arbitrary<Fault> = fc.record(
  {
    delay: fc.record({ ms, partsPerMillion, origin }, { requiredKeys: ['ms', 'partsPerMillion'] }),
    abort: fc.record(
      { status: fc.integer({ min: 200, max: 599 }), partsPerMillion, origin },
      { requiredKeys: ['status', 'partsPerMillion'] },
    ),
  },
  { requiredKeys: [] },
)

/** Only a forwarding route has a timeout. */
const action = fc.oneof(
  fc.record({ action: forward, timeoutMs: fc.oneof(fc.constant(0), ms) }),
  fc.record({ action: answer, timeoutMs: fc.constant(0) }),
)

const route: Arbitrary<Route> = fc
  .tuple(
    action,
    fc.record(
      { name: fc.oneof(name, fc.constant('')), match, fault, requestHeaders: headerOps, responseHeaders: headerOps, origin },
      { requiredKeys: ['name', 'match'] },
    ),
  )
  .map(([action, rest]) => ({ ...rest, ...action }))

const host: Arbitrary<Omit<VirtualHost, 'name' | 'domains'>> = fc.record({ routes: list(route), origin }, { requiredKeys: ['routes'] })

export function routeTable(tableName: Arbitrary<string>): Arbitrary<RouteTable> {
  return fc.record({
    name: tableName,
    hosts: list(host).map((hosts) =>
      hosts.map((parts, index) => ({ name: `host-${index}`, domains: [`host-${index}.example`, `*.host-${index}.example`], ...parts })),
    ),
  })
}
