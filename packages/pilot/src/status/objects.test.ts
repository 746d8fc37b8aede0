import { buildSnapshot } from '@mesh/core/snapshot'
import { afterEach, expect, test } from 'vitest'
import { LIMITS } from '../limits.ts'
import { RULE, SHOP } from '../testdata/shop.ts'
import { startStatusPlane, wantOf, type StatusPlane } from '../testdata/status-plane.ts'
import { Ledger } from './ledger.ts'
import type { KnownObject } from './objects-page.ts'

const POLICY = (field: string): string => `
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: guard}
spec: {selector: {matchLabels: {app: reviews}}, ${field}: [{}]}
`

let plane: StatusPlane
afterEach(() => plane.stop())

const start = async (files: Readonly<Record<string, string>> = {}): Promise<void> => {
  plane = await startStatusPlane({ 'shop.yaml': SHOP, ...files }, { 'reviews-0': '127.2.0.1' })
}
async function object(query: string, fits: (one: KnownObject) => boolean): Promise<KnownObject> {
  for (;;) {
    const [one] = (await plane.objects(query)).objects
    if (one !== undefined && fits(one)) return one
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}
const reconciled = ({ status }: KnownObject): string | undefined => status.conditions.find(({ type }) => type === 'Reconciled')?.status

test('an object has its place, version, generation and conditions, and the proxies that serve it', async () => {
  await start({ 'rule.yaml': RULE('v1') })
  plane.connect('reviews-0')
  const one = await object('?kind=VirtualService&name=reviews', (found) => reconciled(found) === 'True')
  expect(one).toMatchObject({
    kind: 'VirtualService',
    namespace: 'default',
    name: 'reviews',
    file: `${plane.config.path}/rule.yaml`,
    line: 2,
    generation: 1,
    status: {
      observedGeneration: 1,
      conditions: [
        { type: 'PassedAnalysis', status: 'True', reason: 'WarningsFound', message: 'no errors, 1 warning' },
        { type: 'Reconciled', status: 'True', reason: 'Served', observedGeneration: 1 },
      ],
      validationMessages: [{ type: { code: 'IST0101' }, level: 'WARNING', place: `${plane.config.path}/rule.yaml:12:9` }],
      proxies: { concerned: 1, serving: 1, lagging: [], refused: [] },
    },
  })
  expect(wantOf(RULE('v1'))).toContain(one.version)
})

test('its generation grows with its content, not with its place', async () => {
  await start({ 'rule.yaml': RULE('v1') })
  plane.config.write('rule.yaml', `# moved\n${RULE('v1')}`)
  expect(await object('?kind=VirtualService', ({ line }) => line === 3)).toMatchObject({ generation: 1 })
  plane.config.write('rule.yaml', RULE('v2'))
  expect(await object('?kind=VirtualService', ({ generation }) => generation === 2)).toMatchObject({ status: { observedGeneration: 2 } })
})

test('a broken object whose last good form is in force says so, and one without any says that it is not in force', async () => {
  await start({ 'rule.yaml': RULE('v1') })
  plane.config.write('rule.yaml', RULE('v2', 'subst'))
  plane.config.write('new.yaml', RULE('v2', 'subst').replace('name: reviews', 'name: fresh'))
  const kept = await object('?name=reviews&kind=VirtualService', ({ status }) => status.conditions[0]?.status === 'False')
  expect(kept).toMatchObject({ generation: 1, status: { conditions: [{ message: expect.stringContaining('last good form') }, {}] } })
  const absent = await object('?name=fresh', () => true)
  expect(absent).toMatchObject({
    file: `${plane.config.path}/new.yaml`,
    status: { conditions: [{ status: 'False' }, { reason: 'NotInForce' }] },
  })
  expect(absent).not.toHaveProperty('version')
})

test('a policy that was never understood is told as closed', async () => {
  await start({ 'policy.yaml': POLICY('rulez') })
  const closed = await object('?kind=AuthorizationPolicy', () => true)
  expect(closed.status.conditions[1]).toMatchObject({ reason: 'Quarantined', status: 'False' })
  plane.config.write('policy.yaml', POLICY('rules'))
  await object('?kind=AuthorizationPolicy', ({ generation }) => generation === 1)
})

test('many objects come in parts', async () => {
  const many = Array.from(
    { length: LIMITS.maxObjectsOfPage + 3 },
    (_, index) => `---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a${index}}\n`,
  )
  await start({ 'many.yaml': many.join('') })
  const first = await plane.objects('?kind=ServiceAccount')
  expect(first.objects).toHaveLength(LIMITS.maxObjectsOfPage)
  const second = await plane.objects(`?kind=ServiceAccount&after=${first.next}`)
  expect(second.objects).toHaveLength(3)
  expect(second).not.toHaveProperty('next')
  expect(new Set([...first.objects, ...second.objects].map(({ name }) => name)).size).toBe(many.length)
})

test('a ledger counts contents, forgets a life that has ended, and keeps a bounded number of the gone', async () => {
  await start()
  const ledger = new Ledger(() => 0)
  const take = (text: string): void => void ledger.take(buildSnapshot({ sources: [{ file: 'x', text }] }))
  const key = 'VirtualService/default/reviews'
  for (const text of [RULE('v1'), RULE('v2'), RULE('v1')]) take(text)
  expect(ledger.record(key)).toMatchObject({ generation: 3, since: 3 })
  take(SHOP)
  expect([ledger.record(key), ledger.gone(key)?.since, ledger.sequence]).toEqual([undefined, 4, 4])
  take(RULE('v1'))
  expect([ledger.record(key)?.generation, ledger.gone(key)]).toEqual([1, undefined])
})
