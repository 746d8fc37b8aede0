import { createServer, type AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { EMPTY_VIEW, nodeId, type View } from '@mesh/core/view'
import { serve } from '@mesh/rpc'
import { createAdsServer, type AdsServer, type TypeStatus } from '@mesh/xds'
import { settingsOf, type ProxySettings } from '../settings.ts'
import { openViewStore } from '../state/view-store.ts'
import { ask } from '../testdata/client.ts'
import { open, plane } from '../testdata/open.ts'
import { httpFilter, listener, route, SELF, table, view } from '../testdata/views.ts'
import { followPilot } from './follow-pilot.ts'

/** Pilot's side, serving one view to all. */
async function pilot(served: View): Promise<{ readonly ads: AdsServer; readonly address: string }> {
  const ads = createAdsServer({
    authorize: () => undefined,
    viewOf: () => served,
    onError: (error) => {
      throw error
    },
  })
  const rpc = await serve({
    address: '127.0.0.1',
    port: 0,
    services: [ads.service],
    onError: (error) => {
      throw error
    },
  })
  open.push({ close: () => rpc.close(0) })
  return { ads, address: `127.0.0.1:${rpc.port}` }
}

function settings(pilotAddress: string, xdsMode: string): ProxySettings {
  const { identity: _identity, ...node } = SELF
  return settingsOf(JSON.stringify({ node, pilotAddress, xdsMode, identity: null, stateDir: '/nowhere' }), {
    file: '/settings.json',
    env: {},
  })
}

async function until<T>(look: () => T | undefined | false): Promise<T> {
  for (;;) {
    const found = look()
    if (found !== undefined && found !== false) return found
    await new Promise((resolve) => setImmediate(resolve))
  }
}

test.each(['delta', 'sotw'])('%s: a listener whose port is taken is refused by name, and accepted when the port is free', async (mode) => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  open.push({ close: () => new Promise((resolve) => other.close(resolve)) })
  const { port } = other.address() as AddressInfo
  const served = view({
    listeners: [listener(port, httpFilter())],
    routes: [table('http_proxy', { '*': [route('', { action: { kind: 'respond', status: 200, body: 'here' } })] })],
  })
  const { ads, address } = await pilot(served)
  const made = await plane(EMPTY_VIEW, { limits: { listenRetryMs: 1, listenRetryMaxMs: 8 } })
  const saved: View[] = []
  const link = followPilot({
    settings: settings(address, mode),
    source: undefined,
    plane: made.plane,
    store: { ...openViewStore({ dir: '/nowhere', node: nodeId(SELF), onProblem: () => undefined }), save: (next) => saved.push(next) },
    initial: undefined,
    onView: () => undefined,
    onState: () => undefined,
    onProblem: (error) => {
      throw error
    },
  })
  open.push(link)
  const listeners = (): TypeStatus | undefined => ads.status()[0]?.types.find(({ type }) => type === 'LDS')
  const refused = await until(() => listeners()?.state === 'ERROR' && listeners())
  expect(refused.error).toBe(`LDS http_proxy: 127.0.0.1:${port} is taken`)
  await new Promise<void>((resolve) => void other.close(() => resolve()))
  await until(() => listeners()?.state === 'SYNCED')
  expect(listeners()).toMatchObject({ error: undefined, sentNonce: refused.sentNonce, ackedNonce: refused.sentNonce })
  expect((await ask(port, '/')).body).toBe('here')
  expect(saved.at(-1)?.listeners).toHaveLength(1)
})

test.each(['delta', 'sotw'])('a kept listener whose port was taken meanwhile goes away when pilot has it no more, %s', async (mode) => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  open.push({ close: () => new Promise((resolve) => other.close(resolve)) })
  const kept = view({
    snapshot: 'kept',
    listeners: [listener((other.address() as AddressInfo).port, httpFilter(), { name: 'old' })],
    routes: [table('http_proxy', {})],
  })
  const { ads, address } = await pilot(view({ listeners: [listener(0, httpFilter(), { name: 'new' })], routes: [table('http_proxy', {})] }))
  const made = await plane(EMPTY_VIEW, { limits: { listenRetryMs: 1, listenRetryMaxMs: 8 } })
  await made.plane.apply(kept)
  expect(made.plane.listeners.unbound).toHaveLength(1)
  const link = followPilot({
    settings: settings(address, mode),
    source: undefined,
    plane: made.plane,
    store: { ...openViewStore({ dir: '/nowhere', node: nodeId(SELF), onProblem: () => undefined }), save: () => undefined },
    initial: kept,
    onView: () => undefined,
    onState: () => undefined,
    onProblem: (error) => {
      throw error
    },
  })
  open.push(link)
  await until(() => ads.status()[0]?.types.find(({ type }) => type === 'LDS')?.state === 'SYNCED')
  expect(made.plane.listeners.unbound).toEqual([])
  expect(made.plane.listeners.bound.map(({ plan }) => plan.listener.name)).toEqual(['new'])
})
