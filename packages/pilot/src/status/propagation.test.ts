import type { View } from '@mesh/core/view'
import { afterEach, expect, test } from 'vitest'
import { RULE, SHOP } from '../testdata/shop.ts'
import { startStatusPlane, wantOf, type StatusPlane } from '../testdata/status-plane.ts'

const PROXIES = { 'reviews-0': '127.2.0.1', 'reviews-1': '127.2.0.2' }
const POLICY = `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: nobody}
spec: {selector: {matchLabels: {app: reviews}}}
`
const SUBSETS = `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews}
spec: {host: reviews, subsets: [{name: v9, labels: {version: v9}}]}
`

let plane: StatusPlane
afterEach(() => plane.stop())

const start = async (files: Readonly<Record<string, string>> = {}, proxies: Readonly<Record<string, string>> = PROXIES): Promise<void> => {
  plane = await startStatusPlane({ 'shop.yaml': SHOP, ...files }, proxies)
}
const served =
  (serving: number) =>
  (answer: { readonly taken: boolean; readonly concerned: number; readonly serving: number }): boolean =>
    answer.taken && answer.serving === serving && answer.concerned === serving
const subsetOf = (view: View): string | undefined => /"outbound\|9080\|(v\d)\|reviews/.exec(JSON.stringify(view.routes))?.[1]

test('an object is served once every proxy that it concerns has accepted the snapshot', async () => {
  await start()
  for (const name of Object.keys(PROXIES)) plane.connect(name)
  const want = wantOf(RULE('v1'))
  expect(await plane.ask(want)).toMatchObject({ taken: false, objects: [{ want, taken: false }] })
  plane.config.write('rule.yaml', RULE('v1'))
  const answer = await plane.until([want], served(2))
  expect(answer.proxies.map(({ name, state }) => [name, state]).sort()).toEqual([
    ['reviews-0', 'serving'],
    ['reviews-1', 'serving'],
  ])
  for (const { ms } of answer.proxies) expect(ms).toBeGreaterThanOrEqual(0)
  expect(answer.snapshot).toMatch(/^[0-9a-f]{12}$/)
})

test('a slow proxy lags, is told with what it has not answered, and serves when it has', async () => {
  await start()
  const gate = Promise.withResolvers<void>()
  plane.connect('reviews-0')
  plane.connect('reviews-1', async (view) => {
    if (subsetOf(view) === 'v1') await gate.promise
    return []
  })
  plane.config.write('rule.yaml', RULE('v1'))
  const want = wantOf(RULE('v1'))
  const slow = await plane.until([want], (one) => one.taken && one.serving === 1 && /not answered RDS/.test(one.proxies[0]?.reason ?? ''))
  expect(slow).toMatchObject({
    concerned: 2,
    serving: 1,
    proxies: [
      { name: 'reviews-1', state: 'lagging' },
      { name: 'reviews-0', state: 'serving' },
    ],
  })
  gate.resolve()
  expect(await plane.until([want], served(2))).toMatchObject({ taken: true })
})

test('a proxy that refuses is told with its reason, for what it refuses alone, until that is mended', async () => {
  await start()
  plane.connect('reviews-0')
  plane.connect('reviews-1', (view) =>
    subsetOf(view) === 'v9' ? [{ type: 'RDS', resource: 'http_proxy', reason: 'it cannot have v9' }] : [],
  )
  plane.config.write('rule.yaml', `${RULE('v9')}---${SUBSETS}`)
  const refused = await plane.until([wantOf(RULE('v9'))], (one) => one.proxies[0]?.state === 'refused' && one.serving === 1)
  expect(refused).toMatchObject({ concerned: 2, proxies: [{ name: 'reviews-1', reason: 'RDS http_proxy: it cannot have v9' }, {}] })
  await plane.until([wantOf(SUBSETS)], served(2))
  const { objects } = await plane.objects('?kind=VirtualService')
  expect(objects).toMatchObject([
    {
      status: {
        conditions: [
          { type: 'PassedAnalysis' },
          { type: 'Reconciled', status: 'False', reason: 'Refused', message: expect.stringMatching('^1/2 ') },
        ],
        proxies: { concerned: 2, serving: 1, refused: [{ name: 'reviews-1.default', reason: 'RDS http_proxy: it cannot have v9' }] },
      },
    },
  ])
  plane.config.write('rule.yaml', `${RULE('v8')}---${SUBSETS}`)
  await plane.until([wantOf(RULE('v8'))], served(2))
})

test('what one save breaks for a proxy does not speak against other objects that it accepted in the same response', async () => {
  await start()
  plane.connect('reviews-0', (view) =>
    view.listeners.flatMap(({ name, port }) =>
      port === 9080 ? [{ type: 'LDS' as const, resource: name, reason: 'port 9080 is taken' }] : [],
    ),
  )
  plane.connect('reviews-1')
  const sidecar = `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: all}
spec: {egress: [{hosts: ['*/*']}]}
`
  plane.config.write('new.yaml', `${POLICY}---${sidecar}`)
  const answer = await plane.until([wantOf(POLICY)], (one) => one.taken && one.proxies[0]?.state === 'refused')
  expect(answer.proxies[0]).toMatchObject({ name: 'reviews-0', reason: 'LDS 127.2.0.1_9080: port 9080 is taken' })
  await plane.until([wantOf(sidecar)], served(2))
})

test('a proxy that dies meanwhile is told as not connected, until it is back or no longer registered', async () => {
  await start()
  plane.connect('reviews-0')
  const never = new Promise<never>(() => {})
  const die = plane.connect('reviews-1', (view) => (subsetOf(view) === undefined ? [] : never))
  plane.config.write('rule.yaml', RULE('v1'))
  const want = wantOf(RULE('v1'))
  await plane.until([want], (one) => one.taken && one.proxies[0]?.state === 'lagging' && one.serving === 1)
  die()
  const dead = await plane.until([want], (one) => /not connected to pilot for/.test(one.proxies[0]?.reason ?? ''))
  expect(dead).toMatchObject({ concerned: 2, serving: 1, proxies: [{ name: 'reviews-1', state: 'lagging' }, {}] })
  const again = plane.connect('reviews-1')
  await plane.until([want], served(2))
  again()
  await plane.until([want], (one) => one.serving === 1 && one.concerned === 2)
  plane.registry.remove('reviews-1.yaml')
  await plane.until([want], served(1))
})

test('a proxy that is registered and never came is waited for: it may carry traffic by an old view', async () => {
  await start({ 'rule.yaml': RULE('v1') })
  plane.connect('reviews-0')
  const answer = await plane.until([wantOf(RULE('v1'))], (one) => one.serving === 1)
  expect(answer.proxies[0]).toMatchObject({ name: 'reviews-1', state: 'lagging', reason: expect.stringContaining('not connected') })
})

test('an object that is gone is waited for until all who had it have left it', async () => {
  await start({ 'rule.yaml': RULE('v1') })
  const gate = Promise.withResolvers<void>()
  let had = false
  plane.connect('reviews-0')
  plane.connect('reviews-1', async (view) => {
    if (had && subsetOf(view) === undefined) await gate.promise
    had ||= subsetOf(view) === 'v1'
    return []
  })
  await plane.until([wantOf(RULE('v1'))], served(2))
  const want = 'VirtualService/default/reviews@absent'
  expect(await plane.ask(want)).toMatchObject({ taken: false, objects: [{ problem: 'it is still in force' }] })
  plane.config.remove('rule.yaml')
  const leaving = await plane.until([want], (one) => one.taken && one.serving === 1)
  expect(leaving).toMatchObject({ concerned: 2, proxies: [{ name: 'reviews-1', state: 'lagging' }, {}] })
  gate.resolve()
  await plane.until([want], served(2))
})

test('a content that comes back is waited for anew, although an older snapshot with it was accepted', async () => {
  await start({ 'rule.yaml': RULE('v1') })
  const gate = Promise.withResolvers<void>()
  plane.connect('reviews-0', async (view) => {
    if (subsetOf(view) === 'v2') await gate.promise
    return []
  })
  plane.connect('reviews-1')
  await plane.until([wantOf(RULE('v1'))], served(2))
  plane.config.write('rule.yaml', RULE('v2'))
  await plane.until([wantOf(RULE('v2'))], (one) => one.taken && one.serving === 1)
  plane.config.write('rule.yaml', RULE('v1'))
  const back = await plane.until([wantOf(RULE('v1'))], (one) => one.taken && one.serving === 1)
  expect(back.proxies[0]).toMatchObject({ name: 'reviews-0', state: 'lagging' })
  gate.resolve()
  await plane.until([wantOf(RULE('v1'))], served(2))
})

test('a policy concerns those whom it selects, the mesh configuration everybody, and a rule for nobody no proxy', async () => {
  const meshConfig = `
apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data: {mesh: 'accessLogFile: /dev/stdout'}
`
  const gateway = `
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: edge}
spec: {selector: {istio: nothing}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ['*']}]}
`
  await start({ 'policy.yaml': POLICY.replace('app: reviews', 'mesh.io/none: none'), 'mesh.yaml': meshConfig, 'gateway.yaml': gateway })
  for (const name of Object.keys(PROXIES)) plane.connect(name)
  await plane.until([wantOf(meshConfig)], served(2))
  await plane.until([wantOf(gateway)], served(0))
  await plane.until([wantOf(POLICY.replace('app: reviews', 'mesh.io/none: none'))], served(0))
  plane.config.write('policy.yaml', POLICY)
  expect(await plane.until([wantOf(POLICY)], served(2))).toMatchObject({ concerned: 2 })
})

test('a question that cannot be read is answered with what is wrong', async () => {
  await start()
  for (const query of ['', '?want=reviews', '?want=VirtualService/default/reviews@xyz', `?${'want=A/b/c@absent&'.repeat(101)}`]) {
    const answer = await plane.page(`/debug/propagation${query}`)
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('KIND/NAMESPACE/NAME')])
  }
})
