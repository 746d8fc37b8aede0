import { compileEngine, type CompiledEngine } from '@mesh/core/engine'
import { explain, type Explanation } from '@mesh/core/explain'
import type { NodeSelf, View } from '@mesh/core/view'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask, askJson } from './src/http.ts'
import { load } from './src/load.ts'
import { Mesh } from './src/mesh.ts'
import { until } from './src/wait.ts'

const CONFIG = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews}
spec:
  hosts: [reviews]
  http:
  - name: gold
    match:
    - headers: {x-tier: {exact: gold}}
      uri: {prefix: /reviews/}
    route: [{destination: {host: reviews, subset: v3}}]
  - name: abort
    match: [{uri: {regex: '/reviews/[0-3]'}}]
    fault: {abort: {percentage: {value: 100}, httpStatus: 418}}
    route: [{destination: {host: reviews, subset: v1}}]
  - name: nowhere
    match: [{uri: {exact: /reviews/4}}]
    route: [{destination: {host: reviews, subset: v9}}]
  - name: moved
    match: [{queryParams: {old: {exact: 'yes'}}}]
    redirect: {uri: /reviews/9, redirectCode: 302}
  - name: split
    route:
    - {destination: {host: reviews, subset: v1}, weight: 70}
    - {destination: {host: reviews, subset: v2}, weight: 30}
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: ratings, namespace: default}
spec:
  selector: {matchLabels: {app: ratings}}
  action: ALLOW
  rules:
  - from: [{source: {principals: [cluster.local/ns/default/sa/bookinfo-reviews]}}]
  - to: [{operation: {methods: [GET], paths: [/ratings/1*]}}]
    when: [{key: 'request.headers[x-tier]', values: [gold]}]
`

const REQUESTS = 500
let mesh: Mesh

beforeAll(async () => {
  mesh = await Mesh.start()
  await mesh.save('explained.yaml', CONFIG)
})

afterAll(async () => {
  await mesh.stop()
})

/** The same requests on every run (a linear congruential generator). */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    yield state / 2 ** 32
  }
}

interface Asked {
  readonly method: string
  readonly url: string
  readonly headers: Record<string, string>
}

function randomRequests(count: number): readonly Asked[] {
  const chance = numbers(20_261_121)
  const one = <T>(of: readonly T[]): T => of[Math.floor(chance.next().value * of.length)] as T
  return Array.from({ length: count }, (_unused, index) => {
    const service = one(['reviews', 'reviews', 'ratings', 'details', 'nothing'])
    const host = one([service, `${service}.default`, `${service}.default.svc.cluster.local`])
    const path = `/${one([service, service, 'other', 'reviews/../ratings'])}/${Math.floor(chance.next().value * 14)}${one(['', '', '?old=yes', '?old=no'])}`
    return {
      method: one(['GET', 'GET', 'DELETE']),
      url: `http://${host}:9080${path}`,
      headers: {
        'x-request-id': `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
        ...(one([true, false]) ? { 'x-tier': one(['gold', 'silver']) } : {}),
      },
    }
  })
}

/** What an access-log line says of the outcome. */
function outcomeOf(line: string): { status: number; flags: string; details: string; upstream: string; cluster: string } {
  const found = /^\[[^\]]+\] "[^"]*" (\d+) (\S+) (\S+) .*"([^"]*)" (\S+) \S+ \S+ \S+ \S+ \S+$/.exec(line)
  if (found === null) throw new Error(`not understood: ${line}`)
  return {
    status: Number(found[1]),
    flags: String(found[2]),
    details: String(found[3]),
    upstream: String(found[4]),
    cluster: String(found[5]),
  }
}

/** Undefined when the log agrees with the explanation, else what does not. */
function disagreement(told: Explanation, line: string): string | undefined {
  const { outcome } = told
  const seen = outcomeOf(line)
  if (outcome.kind === 'reply') {
    return seen.status === outcome.status && seen.flags === outcome.flag
      ? undefined
      : `told ${outcome.status} ${outcome.flag} ${outcome.details}`
  }
  const abort = outcome.fault?.abort
  if (abort !== undefined) return seen.status === abort.status && seen.flags === 'FI' ? undefined : `told abort ${abort.status}`
  const shares = outcome.shares.filter((share) => share.percent > 0)
  if (shares.every((share) => share.cluster === undefined)) return seen.status === 503 && seen.flags === 'NC' ? undefined : 'told 503 NC'
  const share = shares.find((one) => one.target.cluster === seen.cluster)
  if (share === undefined) return `told one of ${shares.map((one) => one.target.cluster).join(', ')}`
  if (seen.cluster === 'PassthroughCluster') return undefined
  const reached = share.endpoints.find(({ endpoint }) => `${endpoint.address}:${endpoint.port}` === seen.upstream)
  if (reached === undefined) return `told one of ${share.endpoints.map(({ endpoint }) => endpoint.address).join(', ')}`
  return (reached.authorization === 'denied') === (seen.status === 403) ? undefined : `told ${reached.authorization}`
}

test('for 500 random requests what explain told is what the access log says', async () => {
  const source = mesh.workload('productpage-v1')
  const engines = new Map<string, CompiledEngine>()
  for (const workload of mesh.run().workloads) {
    if (workload.proxy !== null) engines.set(workload.address, compileEngine(await askJson<View>(`${workload.proxy.admin}/view`)))
  }
  const engine = engines.get(source.address)
  if (engine === undefined) throw new Error('no view of the source')
  const self: NodeSelf = {
    kind: 'sidecar',
    name: source.name,
    namespace: source.namespace,
    serviceAccount: source.serviceAccount,
    workload: source.workload,
    labels: { app: 'productpage', version: 'v1' },
    address: source.address,
    cluster: 'Kubernetes',
    trustDomain: 'cluster.local',
    identity: true,
    capture: 'none',
  }
  const requests = randomRequests(REQUESTS)
  const told = requests.map(({ method, url, headers }) =>
    explain({ engine, self, method, url, headers: Object.entries(headers), destination: (endpoint) => engines.get(endpoint.address) }),
  )
  await load(REQUESTS, 4, (index, agent) =>
    ask(requests[index]?.url ?? '', { ...requests[index], agent, proxy: mesh.proxy('productpage-v1').outbound }),
  )
  const lines = await until('all log lines', () => {
    const byId = new Map(mesh.accessLog('productpage-v1').map((line) => [/00000000-0000-4000-8000-(\d{12})/.exec(line)?.[1], line]))
    const all = requests.map((_request, index) => byId.get(String(index).padStart(12, '0')))
    return all.every((line) => line !== undefined) ? all : undefined
  })
  const wrong = told.flatMap((explanation, index) => {
    const why = disagreement(explanation, lines[index] ?? '')
    return why === undefined ? [] : [`${requests[index]?.method} ${requests[index]?.url}: ${why}; seen ${lines[index]}`]
  })
  expect(wrong).toEqual([])
  const kinds = new Set(
    told.map(({ outcome }) =>
      outcome.kind === 'reply' ? String(outcome.status) : `${outcome.route.name}${outcome.fault === undefined ? '' : ' fault'}`,
    ),
  )
  expect(kinds.size).toBeGreaterThanOrEqual(5)
})
