import { expect, test } from 'vitest'
import type { PlannedWorkload } from '../plan.ts'
import { restart } from './restart.ts'
import { scale } from './scale.ts'
import { PaperFleet } from './testdata/paper-fleet.ts'

const signal = new AbortController().signal
const say = (): void => undefined

const rolled = (fleet: PaperFleet, options: { proxy?: boolean; replicas?: readonly PlannedWorkload[]; signal?: AbortSignal } = {}) =>
  restart({ fleet, proxy: false, say, signal, replicas: fleet.replicasOf('web'), ...options })

test('one replica after the other leaves traffic, is drained, restarts, and is back before the next', async () => {
  const fleet = new PaperFleet('web', 2)
  expect(await rolled(fleet)).toEqual({ kind: 'done', line: 'web-0, web-1 restarted.' })
  expect(fleet.done).toEqual([
    ...['serving web-1', 'drain web-0', 'stop web-0', 'start web-0', 'serving web-0 web-1'],
    ...['serving web-0', 'drain web-1', 'stop web-1', 'start web-1', 'serving web-0 web-1'],
  ])
})

test('a sidecar restarts while its application does not run', async () => {
  const fleet = new PaperFleet('web', 2)
  await rolled(fleet, { proxy: true, replicas: fleet.replicasOf('web').slice(1) })
  expect(fleet.done).toEqual([
    'serving web-0',
    'drain web-1',
    'stop web-1',
    'stop proxy web-1',
    'start proxy web-1',
    'start web-1',
    'serving web-0 web-1',
  ])
})

test('for the only one that takes traffic another one stands in, though there are others', async () => {
  const fleet = new PaperFleet('web', 2)
  fleet.sick.add('web-1')
  await rolled(fleet, { replicas: fleet.replicasOf('web').slice(0, 1) })
  expect(fleet.done).toEqual([
    ...['add web-2', 'serving web-0 web-2'],
    ...['serving web-2', 'drain web-0', 'stop web-0', 'start web-0', 'serving web-0 web-2'],
    ...['serving web-0', 'drain web-2', 'stop web-2', 'remove web-2'],
  ])
})

test('when the one that should stand in does not get ready, the one that runs is not touched', async () => {
  const fleet = new PaperFleet('web', 1)
  fleet.broken.add('web-1')
  expect(await rolled(fleet)).toEqual({
    kind: 'refused',
    reason: 'web-1 does not get ready: web-1 is broken. The one that runs was left as it is.',
  })
  expect(fleet.done).toEqual(['add web-1', 'remove web-1', 'serving web-0'])
})

test('a replica that does not come back ends the restart, and the others run on', async () => {
  const fleet = new PaperFleet('web', 3)
  fleet.broken.add('web-1')
  expect(await rolled(fleet)).toEqual({
    kind: 'refused',
    reason: 'web-1 does not get ready again: web-1 is broken. The others run on as they were.',
  })
  expect(fleet.serving).toEqual(['web-0', 'web-2'])
  expect(fleet.done).not.toContain('stop web-2')
})

test('a lone replica that does not come back keeps the one that stands in', async () => {
  const fleet = new PaperFleet('web', 1)
  fleet.broken.add('web-0')
  expect(await rolled(fleet)).toMatchObject({ kind: 'refused', reason: expect.stringContaining('web-1 serves in its place.') })
  expect(fleet.serving).toEqual(['web-1'])
})

test('a replica is not stopped before every proxy has taken it out of traffic', async () => {
  const fleet = new PaperFleet('web', 2)
  fleet.late = ['ingress-0.istio-system']
  expect(await rolled(fleet)).toMatchObject({
    kind: 'refused',
    reason: expect.stringContaining('ingress-0.istio-system does not take up the change'),
  })
  expect(fleet.done).toEqual(['serving web-1', 'serving web-0 web-1'])
})

test('nobody stands in for what takes no calls, nor for what somebody started by hand', async () => {
  const app = { command: 'run', env: {}, servicePort: null, listen: null, probe: null }
  const batch = new PaperFleet('web', 1, { app })
  await rolled(batch)
  expect(batch.done).not.toContain('add web-1')
  const byHand = new PaperFleet('web', 1, { app: { ...app, command: null, listen: { host: '127.0.0.1', port: 1 } } })
  await rolled(byHand)
  expect(byHand.done).not.toContain('add web-1')
})

test('of a gateway the process itself restarts', async () => {
  const fleet = new PaperFleet('web', 1, { kind: 'gateway', app: null })
  await rolled(fleet)
  expect(fleet.done.filter((one) => one.includes('proxy'))).toEqual(['stop proxy web-0', 'start proxy web-0'])
})

test('a gateway is replaced in one go where that can be, and stays where it cannot', async () => {
  const fleet = new PaperFleet('web', 1, { kind: 'gateway', app: null })
  const replaced: string[] = []
  fleet.replaceProxy = async ({ name }) => replaced.push(name) > 0
  expect(await rolled(fleet)).toEqual({ kind: 'done', line: 'web-0 restarted; no connection was refused meanwhile.' })
  expect([replaced, fleet.done]).toEqual([['web-0'], []])
  fleet.replaceProxy = async () => false
  expect(await rolled(fleet)).toEqual({
    kind: 'refused',
    reason: 'web-0 could not be replaced; the one before serves on. `meshctl logs web-0` says why.',
  })
})

test('a mesh that stops ends a restart', async () => {
  const fleet = new PaperFleet('web', 2)
  expect(await rolled(fleet, { signal: AbortSignal.abort() })).toEqual({ kind: 'refused', reason: 'The mesh stops.' })
  expect(fleet.done).not.toContain('start web-0')
})

test('a mesh that stops while another one is to stand in leaves the rest to those who stop it', async () => {
  const stop = new AbortController()
  const fleet = new PaperFleet('web', 1)
  fleet.onAdd = () => stop.abort()
  expect(await rolled(fleet, { signal: stop.signal })).toEqual({ kind: 'refused', reason: 'The mesh stops.' })
  expect(fleet.done).toEqual(['add web-1'])
})

test('a mesh that stops gets no more replicas, and loses none of them to scaling', async () => {
  const stop = new AbortController()
  const fleet = new PaperFleet('web', 1)
  fleet.onAdd = () => stop.abort()
  const grown = await scale({ fleet, workload: 'web', count: 4, say, signal: stop.signal })
  expect([grown, fleet.done]).toEqual([{ kind: 'refused', reason: 'The mesh stops. web has 2 replicas.' }, ['add web-1']])
  const shrunk = await scale({ fleet, workload: 'web', count: 0, say, signal: stop.signal })
  expect(shrunk).toEqual({ kind: 'refused', reason: 'The mesh stops. web has 2 replicas.' })
  expect(fleet.done.filter((one) => one.startsWith('stop'))).toEqual([])
})

test('where there cannot be as many replicas as asked for, those that can be stay', async () => {
  const fleet = new PaperFleet('web', 1)
  fleet.room = 2
  expect(await scale({ fleet, workload: 'web', count: 4, say, signal })).toEqual({
    kind: 'refused',
    reason: 'There cannot be one more web: no room. web has 2 replicas.',
  })
  expect(fleet.serving).toEqual(['web-0', 'web-1'])
})

test('new replicas take traffic together, once they are ready', async () => {
  const fleet = new PaperFleet('web', 1)
  expect(await scale({ fleet, workload: 'web', count: 3, say, signal })).toEqual({ kind: 'done', line: 'web has 3 replicas, before 1.' })
  expect(fleet.done).toEqual(['add web-1', 'add web-2', 'serving web-0 web-1 web-2'])
})

test('the last replicas leave traffic first and end when they are drained', async () => {
  const fleet = new PaperFleet('web', 3)
  expect(await scale({ fleet, workload: 'web', count: 1, say, signal })).toEqual({ kind: 'done', line: 'web has 1 replica, before 3.' })
  expect(fleet.done.slice(0, 3)).toEqual(['serving web-0', 'drain web-2', 'drain web-1'])
  expect(fleet.serving).toEqual(['web-0'])
})

test('of new replicas those that get ready stay, and the others are told of', async () => {
  const fleet = new PaperFleet('web', 1)
  fleet.broken.add('web-1')
  expect(await scale({ fleet, workload: 'web', count: 3, say, signal })).toEqual({
    kind: 'refused',
    reason: 'web-1 does not get ready: web-1 is broken. web has 2 replicas.',
  })
  expect(fleet.serving).toEqual(['web-0', 'web-2'])
})

test('replicas that cannot be taken out of traffic stay', async () => {
  const fleet = new PaperFleet('web', 2)
  fleet.late = ['a.default', 'b.default']
  expect(await scale({ fleet, workload: 'web', count: 1, say, signal })).toMatchObject({ kind: 'refused' })
  expect(fleet.serving).toEqual(['web-0', 'web-1'])
})
