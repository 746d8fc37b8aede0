import type { NodeSelf, View } from '@mesh/core/view'
import { dial } from '@mesh/rpc'
import { createRoot, type Signer } from '@mesh/x509'
import { connectAds, type AdsState } from '@mesh/xds'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startPilot, type Pilot } from './start-pilot.ts'
import { Facts } from './testdata/facts.ts'
import { createFolder, type Folder } from './testdata/folder.ts'
import { NODE } from './testdata/node.ts'
import { GATEWAY, SHOP, workload } from './testdata/shop.ts'
import { source, svid } from './testdata/svid.ts'

/*
 * A valid certificate says whose account a workload has. Which workload it is, and so what it gets, only the registry says.
 */

const PILOT_ID = 'spiffe://cluster.local/ns/istio-system/sa/istio-pilot'
const IMPOSTOR: NodeSelf = { ...NODE, kind: 'gateway', name: 'entry-9', labels: { istio: 'ingressgateway' }, address: '127.2.0.9' }

const cleanups: (() => unknown)[] = []
let root: Signer
let registry: Folder

beforeEach(async () => {
  root = await createRoot({ organization: 'test', nowMs: Date.now(), ttlMs: 3_600_000 })
  registry = createFolder({ 'reviews-0.yaml': workload('reviews-0', '127.2.0.1') })
  cleanups.push(registry.delete)
})
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function start(allowUnregistered = false): Promise<Pilot> {
  const config = createFolder({ 'shop.yaml': SHOP, 'gateway.yaml': GATEWAY })
  cleanups.push(config.delete)
  const folders = { configDirs: [config.path], registryDirs: [registry.path] }
  const place = { address: '127.0.0.1', xdsPort: 0, monitoringPort: 0, trustDomain: 'cluster.local', cluster: 'Kubernetes' }
  const identity = source(await svid(root, PILOT_ID))
  const pilot = await startPilot({ ...place, ...folders, allowUnregistered, identity: null }, () => {}, identity)
  cleanups.push(pilot.close)
  return pilot
}

async function subscribe(pilot: Pilot, node: NodeSelf) {
  const views = new Facts<View>()
  const states = new Facts<AdsState>()
  const identity = source(await svid(root, `spiffe://cluster.local/ns/${node.namespace}/sa/${node.serviceAccount}`))
  const channel = dial({ address: `127.0.0.1:${pilot.xdsPort}`, identity, expect: [PILOT_ID] })
  const onError = (error: unknown): never => {
    throw error
  }
  const onState = (state: AdsState): void => states.add(state)
  const client = connectAds({ channel, node, mode: 'delta', onView: (view) => (views.add(view), []), onState, onError })
  cleanups.push(() => (client.close(), channel.close()))
  const refusal = states.until((all) => all.find((state) => state.kind === 'disconnected'))
  return { views, refusal }
}

const metricsOf = async (pilot: Pilot): Promise<string> => (await fetch(`http://127.0.0.1:${pilot.monitoringPort}/metrics`)).text()

test('a workload with a good certificate that poses as a gateway which nobody registered gets nothing', async () => {
  const pilot = await start()
  const { views, refusal } = await subscribe(pilot, IMPOSTOR)
  expect(await refusal).toMatchObject({ reason: expect.stringContaining('PERMISSION_DENIED: entry-9.default is not registered') })
  expect(views.items).toEqual([])
  expect(await metricsOf(pilot)).toMatch(/^pilot_xds_refused\{reason="unauthorized"\} \d+$/m)
})

test('a workload that says of its registered name that it is a gateway gets the view of the sidecar that it is', async () => {
  const pilot = await start()
  const { views } = await subscribe(pilot, { ...NODE, kind: 'gateway', labels: { istio: 'ingressgateway' }, cluster: 'elsewhere' })
  const view = await views.until((all) => all.at(-1))
  expect(view.listeners.map(({ port }) => port)).not.toContain(8080)
  const sync = await (await fetch(`http://127.0.0.1:${pilot.monitoringPort}/debug/syncz`)).json()
  expect(sync).toMatchObject([{ node: { kind: 'sidecar', labels: { app: 'reviews' }, cluster: 'Kubernetes' } }])
})

test('a node that is registered a moment later gets its view then', async () => {
  const pilot = await start()
  const { views, refusal } = await subscribe(pilot, { ...NODE, name: 'reviews-1', address: '127.2.0.2' })
  await refusal
  registry.write('reviews-1.yaml', workload('reviews-1', '127.2.0.2'))
  expect((await views.until((all) => all.at(-1))).listeners.map(({ name }) => name)).toContain('127.2.0.2_9080')
})

test('a node whose registration goes, or goes to another account, loses its stream', async () => {
  registry.write('reviews-1.yaml', workload('reviews-1', '127.2.0.2'))
  const pilot = await start()
  const [first, second] = [await subscribe(pilot, NODE), await subscribe(pilot, { ...NODE, name: 'reviews-1', address: '127.2.0.2' })]
  for (const { views } of [first, second]) await views.until((all) => all.at(-1))
  registry.remove('reviews-0.yaml')
  expect(await first.refusal).toMatchObject({ reason: expect.stringContaining('not registered') })
  registry.write('reviews-1.yaml', workload('reviews-1', '127.2.0.2').replace('serviceAccount: reviews', 'serviceAccount: ratings'))
  expect(await second.refusal).toMatchObject({ reason: expect.stringContaining('another service account') })
})

test('a node that comes too often at once is refused, and counted', async () => {
  const pilot = await start()
  const sides = await Promise.all(Array.from({ length: 9 }, () => subscribe(pilot, NODE)))
  expect(await Promise.race(sides.map(({ refusal }) => refusal))).toMatchObject({
    reason: 'RESOURCE_EXHAUSTED: reviews-0.default has 8 streams already',
  })
  expect(await metricsOf(pilot)).toMatch(/^pilot_xds_refused\{reason="streams"\} \d+$/m)
})

test('where nodes need not be registered, such a one gets a plain sidecar’s view', async () => {
  const pilot = await start(true)
  const { views } = await subscribe(pilot, { ...IMPOSTOR, kind: 'sidecar' })
  expect((await views.until((all) => all.at(-1))).listeners.map(({ name }) => name)).toEqual(['http_proxy'])
})
