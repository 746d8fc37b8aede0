import type { SvidSource } from '@mesh/core/identity'
import type { View } from '@mesh/core/view'
import { dial, type DialOptions } from '@mesh/rpc'
import { createRoot, type Signer } from '@mesh/x509'
import { connectAds, type AdsState } from '@mesh/xds'
import { afterEach, expect, test } from 'vitest'
import { startPilot, type Pilot } from './start-pilot.ts'
import { Facts } from './testdata/facts.ts'
import { createFolder, type Folder } from './testdata/folder.ts'
import { NODE } from './testdata/node.ts'
import { RULE, SHOP, workload } from './testdata/shop.ts'
import { source, svid } from './testdata/svid.ts'

const PILOT_ID = 'spiffe://cluster.local/ns/istio-system/sa/istio-pilot'
const REVIEWS_ID = 'spiffe://cluster.local/ns/default/sa/reviews'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

interface Side {
  readonly pilot: Pilot
  readonly config: Folder
  readonly registry: Folder
  readonly logged: { readonly level: string; readonly event: string }[]
}

async function start(identity?: SvidSource): Promise<Side> {
  const config = createFolder({ 'shop.yaml': SHOP, 'rule.yaml': RULE('v1') })
  const registry = createFolder({ 'reviews-0.yaml': workload('reviews-0', '127.2.0.1') })
  cleanups.push(config.delete, registry.delete)
  const settings = { address: '127.0.0.1', xdsPort: 0, monitoringPort: 0, configDirs: [config.path], registryDirs: [registry.path] }
  const logged: { level: string; event: string }[] = []
  const log = (level: string, event: string): void => void logged.push({ level, event })
  const pilot = await startPilot(
    { ...settings, trustDomain: 'cluster.local', cluster: 'Kubernetes', allowUnregistered: false, identity: null },
    log,
    identity,
  )
  cleanups.push(pilot.close)
  return { pilot, config, registry, logged }
}

function subscribe(
  pilot: Pilot,
  trust: Partial<DialOptions> = {},
  node = NODE,
): { readonly views: Facts<View>; readonly states: Facts<AdsState> } {
  const views = new Facts<View>()
  const states = new Facts<AdsState>()
  const channel = dial({ address: `127.0.0.1:${pilot.xdsPort}`, ...trust })
  const client = connectAds({
    channel,
    node,
    mode: 'delta',
    onView: (view) => {
      views.add(view)
      return []
    },
    onState: (state) => states.add(state),
    onError: (error) => {
      throw error
    },
  })
  cleanups.push(() => {
    client.close()
    channel.close()
  })
  return { views, states }
}

const page = async (pilot: Pilot, path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`http://127.0.0.1:${pilot.monitoringPort}${path}`, init)

const subsetOf = (view: View | undefined): string | undefined => {
  const host = view?.routes[0]?.hosts.find((one) => one.name.startsWith('reviews'))
  const action = host?.routes[0]?.action
  return action?.kind === 'forward' ? action.clusters[0]?.cluster.split('|')[2] : undefined
}

const pushesOf = async (pilot: Pilot): Promise<Record<string, number>> => {
  const text = await (await page(pilot, '/metrics')).text()
  return Object.fromEntries(
    [...text.matchAll(/^pilot_xds_pushes\{type="(\w+)"\} (\d+)$/gm)].map(([, type, count]) => [type, Number(count)]),
  )
}

test('a save reaches the proxy', async () => {
  const { pilot, config } = await start()
  const { views } = subscribe(pilot)
  await views.until((all) => subsetOf(all.at(-1)) === 'v1')
  config.write('rule.yaml', RULE('v2'))
  expect(subsetOf(await views.until((all) => subsetOf(all.at(-1)) === 'v2' && all.at(-1)))).toBe('v2')
})

test('a broken object keeps its last good form while the rest of the save applies', async () => {
  const { pilot, config } = await start()
  const { views } = subscribe(pilot)
  await views.until((all) => subsetOf(all.at(-1)) === 'v1')
  config.write('rule.yaml', RULE('v2', 'subst'))
  config.write('more.yaml', SHOP.replace('name: reviews', 'name: more'))
  const view = await views.until((all) => all.find((one) => one.clusters.some((cluster) => cluster.name.includes('||more.'))))
  expect(subsetOf(view)).toBe('v1')
  const findings = (await (await page(pilot, '/debug/findings')).json()) as { severity: string; origin: { line: number; column: number } }[]
  expect(findings.filter((finding) => finding.severity === 'error')).toMatchObject([{ origin: { line: 12, column: 9 } }])
})

test('endpoints have their own lane: no listener, route or cluster is sent again', async () => {
  const { pilot, registry } = await start()
  const { views } = subscribe(pilot)
  await views.until((all) => subsetOf(all.at(-1)) === 'v1')
  const before = await pushesOf(pilot)
  registry.write('reviews-1.yaml', workload('reviews-1', '127.2.0.2'))
  const has = (view: View | undefined, healthy: boolean): boolean =>
    view?.endpoints.some(({ endpoints }) => endpoints.some((one) => one.address === '127.2.0.2' && one.healthy === healthy)) === true
  await views.until((all) => has(all.at(-1), true))
  registry.write('reviews-1.yaml', workload('reviews-1', '127.2.0.2', ", mesh.io/unready: 'true'"))
  await views.until((all) => has(all.at(-1), false))
  const after = await pushesOf(pilot)
  expect([after['lds'], after['rds'], after['cds']]).toEqual([before['lds'], before['rds'], before['cds']])
  expect(after['eds']).toBe((before['eds'] ?? 0) + 2)
})

test('debug pages show what is served, to GET by address alone', async () => {
  const { pilot } = await start()
  const { views } = subscribe(pilot)
  const view = await views.until((all) => all.at(-1))
  expect((await page(pilot, '/ready')).status).toBe(200)
  const sync = (await (await page(pilot, '/debug/syncz')).json()) as { node: { name: string }; snapshot: string }[]
  expect(sync).toMatchObject([{ node: { name: 'reviews-0' }, snapshot: view.snapshot }])
  expect(await (await page(pilot, '/debug/view?node=reviews-0.default')).json()).toMatchObject({ snapshot: view.snapshot })
  expect(await (await page(pilot, '/debug/snapshot')).json()).toMatchObject({ hash: view.snapshot })
  expect((await page(pilot, '/debug/view?node=nobody.default')).status).toBe(404)
  expect((await page(pilot, '/debug/syncz', { method: 'POST' })).status).toBe(405)
  expect((await page(pilot, '/nothing')).status).toBe(404)
})

test('with an identity, a node gets its view by its own certificate and nobody else does', async () => {
  const root = await createRoot({ organization: 'test', nowMs: Date.now(), ttlMs: 3_600_000 })
  const foreign = await createRoot({ organization: 'other', nowMs: Date.now(), ttlMs: 3_600_000 })
  const { pilot } = await start(source(await svid(root, PILOT_ID)))
  const as = async (signer: Signer, spiffeId: string): Promise<Partial<DialOptions>> => ({
    identity: source(await svid(signer, spiffeId, root)),
    expect: [PILOT_ID],
  })
  const own = subscribe(pilot, await as(root, REVIEWS_ID))
  expect(subsetOf(await own.views.until((all) => all.at(-1)))).toBe('v1')
  for (const trust of [await as(root, 'spiffe://cluster.local/ns/default/sa/ratings'), await as(foreign, REVIEWS_ID), {}]) {
    const other = subscribe(pilot, trust)
    await other.states.until((all) => all.some((state) => state.kind === 'disconnected'))
    expect(other.views.items).toEqual([])
  }
})
