import { expect, test } from 'vitest'
import type { CallRecord } from '../record.ts'
import { destinationName } from './destination-name.ts'
import { printable } from './printable.ts'
import { troubleOf, troubleText } from './trouble.ts'

const ID = 'e71abc12-aaaa-4bbb-8ccc-0123456789ab'
const self = { workload: 'reviews-v2', namespace: 'default', app: 'reviews', version: 'v2', cluster: 'Kubernetes', principal: undefined }
const peer = { ...self, workload: 'ratings-v1', app: 'ratings', version: 'v1' }
const rule = (kind: string, name: string, line = 15) => ({ kind, namespace: 'default', name, file: `${name}.yaml`, line, column: 7 })

/** A call from reviews to ratings that this proxy answered itself. */
function answered(change: Partial<CallRecord>): CallRecord {
  return {
    reporter: 'source',
    protocol: 'http',
    startMs: 0,
    durationMs: 12.4,
    method: 'GET',
    path: '/ratings/0',
    authority: 'ratings:9080',
    version: 'HTTP/1.1',
    status: 503,
    flags: [],
    details: '',
    transportFailure: undefined,
    bytesReceived: 0,
    bytesSent: 0,
    requestHeadBytes: 0,
    replyHeadBytes: 0,
    attempts: 0,
    upstreamMs: undefined,
    forwardedFor: undefined,
    userAgent: undefined,
    requestId: ID,
    routeName: '',
    cluster: 'outbound|9080|v9|ratings.default.svc.cluster.local',
    service: undefined,
    upstreamRemote: undefined,
    upstreamLocal: undefined,
    downstreamLocal: '127.64.0.6:15001',
    downstreamRemote: '127.64.0.6:4711',
    sni: undefined,
    mutualTls: false,
    self,
    peer: undefined,
    trace: undefined,
    snapshot: '9c41',
    routeOrigin: undefined,
    cause: undefined,
    failure: undefined,
    madeHere: true,
    ...change,
  }
}

const text = (change: Partial<CallRecord>): string | undefined => {
  const trouble = troubleOf(answered(change))
  return trouble === undefined ? undefined : troubleText(trouble)
}

test('an injected abort is told in one sentence with place, object, remedy and id', () => {
  const cause = rule('VirtualService', 'ratings-test-abort')
  expect(text({ status: 500, flags: ['FI'], details: 'fault_filter_abort', cause })).toBe(
    'ratings-test-abort.yaml:15:7: error FI A fault that is injected on purpose answered with 500. ' +
      `Take the fault out of VirtualService default/ratings-test-abort to end it. (VirtualService default/ratings-test-abort, id ${ID})`,
  )
})

test('a delay is a warning, and what ended the call goes before it', () => {
  const cause = rule('VirtualService', 'slow')
  const passed = { status: 200, flags: ['DI'], madeHere: false, details: 'via_upstream', cause } as const
  expect(text(passed)).toMatch(/^slow\.yaml:15:7: warning DI .* delayed the call\. Take the delay out of VirtualService default\/slow /)
  expect(troubleOf(answered({ status: 504, flags: ['DI', 'UT'], details: 'response_timeout' }))).toMatchObject({ code: 'UT' })
})

test.each<[Partial<CallRecord>, string]>([
  [
    { flags: ['NR'], details: 'route_not_found', authority: 'ratingz:9080' },
    'error NR Nothing here is configured for the host ratingz:9080.',
  ],
  [
    { flags: ['NR'], details: 'route_not_found', cause: rule('VirtualService', 'a') },
    'a.yaml:15:7: error NR No route of ratings:9080 matches GET /ratings/0.',
  ],
  [{ flags: ['NC'] }, 'error NC The route leads to subset v9 of ratings.default.svc.cluster.local:9080, which this proxy does not know.'],
  [
    { flags: ['UH'], cause: rule('DestinationRule', 'r') },
    'r.yaml:15:7: error UH Subset v9 of ratings.default.svc.cluster.local:9080 has no healthy endpoint.',
  ],
  [
    { flags: ['URX', 'UF'], upstreamRemote: '127.64.0.5:9080', peer, transportFailure: 'The connection was refused.' },
    'error UF No connection could be made to 127.64.0.5:9080 (ratings-v1): The connection was refused.',
  ],
  [
    { reporter: 'destination', flags: ['UF'], cluster: 'inbound|9080||', upstreamRemote: '127.0.0.1:34567' },
    'error UF No connection could be made to the application at port 9080.',
  ],
  [{ flags: ['UT'] }, 'within the time that the route allows (12 ms in all).'],
  [{ flags: ['UO'] }, 'has as many requests and connections under way as its limits allow. Raise the limits of its connection pool'],
  [{ flags: ['UPE'], failure: 'The reply is malformed (bad-status).' }, 'error UPE The reply is malformed (bad-status).'],
  [{ flags: ['DPE'], status: 400, details: 'http1.x', failure: 'two lengths' }, 'error DPE two lengths'],
  [{ status: 431, flags: ['DPE'], details: 'regex_work_exceeded' }, 'error DPE Path or headers are so long'],
  [{ status: 502, details: 'direct_response' }, 'error direct_response The host is not in the registry of the mesh'],
  [{ status: 404, details: 'direct_response', cause: rule('VirtualService', 'a') }, 'The route itself answers with 404.'],
  [{ status: 400, details: 'path_normalization_failed' }, 'error path_normalization_failed The path of the request is malformed.'],
])('%j is told', (change, sentence) => {
  expect(text(change)).toContain(sentence)
})

test('a denial names the policy and who was denied', () => {
  const denied = { status: 403, reporter: 'destination', cause: rule('AuthorizationPolicy', 'p') } as const
  const known = { ...denied, peer: { ...peer, principal: 'spiffe://cluster.local/ns/default/sa/x' } }
  expect(text({ ...known, details: 'rbac_access_denied_matched_policy[ns[default]-policy[p]-rule[0]]' })).toContain(
    'error rbac_access_denied_matched_policy AuthorizationPolicy default/p denies spiffe://cluster.local/ns/default/sa/x for GET /ratings/0.',
  )
  expect(text({ ...known, details: 'rbac_access_denied_matched_policy[none]' })).toContain(
    'No ALLOW policy of this workload lets spiffe://cluster.local/ns/default/sa/x in for GET /ratings/0.',
  )
  const strict = { ...denied, details: 'rbac_access_denied_matched_policy[x]', cause: rule('PeerAuthentication', 'default') }
  expect(text(strict)).toContain(
    'takes mTLS only, as PeerAuthentication default/default says, and a caller without identity at 127.64.0.6:4711',
  )
})

test('a connection that was denied is told too, one that ended well is not', () => {
  const tcp = { protocol: 'tcp', method: '', path: '', status: 0, requestId: undefined } as const
  const details = 'rbac_access_denied_matched_policy[none]'
  expect(text({ ...tcp, reporter: 'destination', details })).toContain('lets a caller without identity at 127.64.0.6:4711 in to this port.')
  expect(text({ ...tcp, madeHere: false })).toBeUndefined()
})

test('what an upstream answered is no trouble of this proxy', () => {
  expect(text({ status: 500, madeHere: false, details: 'via_upstream' })).toBeUndefined()
  expect(text({ status: 301, details: 'direct_response' })).toBeUndefined()
})

test('every flag has a sentence that ends', () => {
  for (const flag of ['UR', 'DT', 'RL', 'UAEX', 'IH', 'OM', 'DF', 'SI', 'DC', 'LR'] as const)
    expect(troubleOf(answered({ flags: [flag] }))?.message).toMatch(/^[A-Z].*\.$/)
})

test('what a caller sent cannot steer a terminal, and is bounded', () => {
  expect(printable('a\u001b[31m\nb\u202e')).toBe('a\\u001b[31m\\u000ab\\u202e')
  expect(printable('x'.repeat(5000))).toHaveLength(201)
  expect(text({ flags: ['NR'], authority: '\u001b]0;x', requestId: 'a\nb' })).not.toMatch(/\p{Cc}/u)
})

test('destinations have names for people', () => {
  expect(destinationName('outbound|9080||reviews.default.svc.cluster.local')).toBe('reviews.default.svc.cluster.local:9080')
  expect(destinationName('inbound|9080||')).toBe('the application at port 9080')
  expect(destinationName('PassthroughCluster')).toBe('the host outside the mesh')
  expect(destinationName('zipkin')).toBe('zipkin')
  expect(destinationName(undefined)).toBe('the destination')
})
