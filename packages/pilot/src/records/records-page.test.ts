import type { View } from '@mesh/core/view'
import { dial } from '@mesh/rpc'
import { connectAds, type Rejection } from '@mesh/xds'
import { afterEach, expect, test } from 'vitest'
import { startPilot, type Pilot } from '../start-pilot.ts'
import { Facts } from '../testdata/facts.ts'
import { createFolder } from '../testdata/folder.ts'
import { PLAIN_NODE } from '../testdata/node.ts'
import { RULE, SHOP, workload } from '../testdata/shop.ts'
import type { PilotEvent } from './pilot-event.ts'

interface Page {
  readonly startedMs: number
  readonly first: number
  readonly next: number
  readonly records: readonly (PilotEvent & { readonly seq: number })[]
}

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function start(): Promise<Pilot> {
  const config = createFolder({ 'shop.yaml': SHOP, 'rule.yaml': RULE('v1'), 'reviews-0.yaml': workload('reviews-0', '127.2.0.1') })
  const settings = { address: '127.0.0.1', xdsPort: 0, monitoringPort: 0, configDirs: [config.path], registryDirs: [], identity: null }
  const pilot = await startPilot(
    { ...settings, trustDomain: 'cluster.local', cluster: 'Kubernetes', allowUnregistered: false },
    () => undefined,
  )
  cleanups.push(config.delete, pilot.close)
  return pilot
}

async function records(pilot: Pilot, query = ''): Promise<Page> {
  return (await (await fetch(`http://127.0.0.1:${pilot.monitoringPort}/debug/records${query}`)).json()) as Page
}

/** Asks until a page tells of this. */
async function until(pilot: Pilot, there: (event: PilotEvent) => boolean): Promise<Page> {
  for (;;) {
    const page = await records(pilot)
    if (page.records.some(there)) return page
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

test('a proxy that takes its view, refuses a part of it and leaves can be read from the page', async () => {
  const pilot = await start()
  const views = new Facts<View>()
  const channel = dial({ address: `127.0.0.1:${pilot.xdsPort}` })
  const refused: Rejection = { type: 'LDS', resource: 'http_proxy', reason: 'the port is taken' }
  const client = connectAds({
    channel,
    node: PLAIN_NODE,
    mode: 'delta',
    onView: (view) => {
      views.add(view)
      return [refused]
    },
    onState: () => undefined,
    onError: () => undefined,
  })
  cleanups.push(() => channel.close())
  await until(pilot, ({ kind }) => kind === 'nack')
  client.close()
  const { records: all, first, next } = await until(pilot, ({ kind }) => kind === 'closed')
  expect([first, next]).toEqual([1, all.length + 1])
  expect(all[0]).toMatchObject({ seq: 1, kind: 'opened', node: 'reviews-0.default', mode: 'delta' })
  const of = (kind: string, type: string) => all.find((one) => one.kind === kind && 'type' in one && one.type === type)
  expect(of('sent', 'CDS')).toMatchObject({ node: 'reviews-0.default', resources: expect.any(Number), snapshot: views.items[0]?.snapshot })
  expect(of('ack', 'CDS')).toMatchObject({ ms: expect.any(Number) })
  expect(of('nack', 'LDS')).toMatchObject({ reason: expect.stringContaining('the port is taken') })
  expect(all.at(-1)).toMatchObject({ kind: 'closed', node: 'reviews-0.default', openMs: expect.any(Number) })
})

test('pages that were asked for are a list of their own, and a question is read strictly', async () => {
  const pilot = await start()
  await fetch(`http://127.0.0.1:${pilot.monitoringPort}/debug/nothing`)
  const { records: pages } = await records(pilot, '?of=pages')
  expect(pages).toMatchObject([{ seq: 1, kind: 'page', path: '/debug/nothing', status: 404 }])
  expect((await records(pilot, '?of=pages&after=1')).records).toMatchObject([{ seq: 2, path: '/debug/records?of=pages' }])
  expect((await records(pilot)).records).toEqual([])
  for (const bad of ['?of=everything', '?after=x']) {
    const answer = await fetch(`http://127.0.0.1:${pilot.monitoringPort}/debug/records${bad}`)
    expect(answer.status).toBe(400)
  }
})
