import { isDeepStrictEqual } from 'node:util'
import { afterEach, describe, expect, test } from 'vitest'
import type { View } from '@mesh/core/view'
import type { Rejection } from './resource.ts'
import { startClient, startServer, type ClientSide, type ServerSide } from './testdata/loopback.ts'
import { clusterName, endpoints, httpProxy, NODE, shopView } from './testdata/shop.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function server(...args: Parameters<typeof startServer>): Promise<ServerSide> {
  const side = await startServer(...args)
  cleanups.push(() => side.stop())
  return side
}

function client(...args: Parameters<typeof startClient>): ClientSide {
  const side = startClient(...args)
  cleanups.push(() => side.stop())
  return side
}

function until(side: ClientSide, view: View) {
  return side.facts.until(() => isDeepStrictEqual(side.seen.at(-1)?.view, view))
}

/** All types acknowledged for a snapshot. */
function synced(side: ServerSide, snapshot: string) {
  return side.facts.until(() => {
    const status = side.statusOf()
    return (
      status?.types.length === 5 &&
      status.types.every(({ state, ackedSnapshot }) => state === 'SYNCED' && ackedSnapshot === snapshot) &&
      status
    )
  })
}

describe.each(['delta', 'sotw'] as const)('%s', (mode) => {
  test('a client gets its whole view, and the server knows that it is in force', async () => {
    const view = shopView('aaa1', ['reviews', 'ratings'])
    const pilot = await server(view)
    const proxy = client(pilot.address, { mode })
    await until(proxy, view)
    const status = await synced(pilot, 'aaa1')
    expect(status).toMatchObject({ node: NODE, mode, snapshot: 'aaa1' })
    expect(status.types.map(({ type, resources }) => [type, resources])).toEqual([
      ['CDS', 2],
      ['EDS', 2],
      ['LDS', 1],
      ['RDS', 1],
      ['WDS', 2],
    ])
  })

  test('each view that is offered refers only to what is in it, while services come and go', async () => {
    const pilot = await server(shopView('s0', ['reviews']))
    const proxy = client(pilot.address, { mode })
    await until(proxy, shopView('s0', ['reviews']))
    const steps = [['reviews', 'ratings'], ['ratings'], ['details', 'ratings', 'reviews'], ['details']]
    for (const [index, services] of steps.entries()) {
      const view = shopView(`s${index + 1}`, services)
      pilot.show(view)
      await until(proxy, view)
      await synced(pilot, `s${index + 1}`)
    }
    for (const { view } of proxy.seen) expect(danglingNames(view)).toEqual([])
  })

  test('a change of endpoints alone sends endpoints alone', async () => {
    const before = shopView('e0', ['reviews', 'ratings'])
    const pilot = await server(before)
    const proxy = client(pilot.address, { mode })
    await until(proxy, before)
    const nonces = nonceOf(await synced(pilot, 'e0'))
    const after = {
      ...before,
      snapshot: 'e1',
      endpoints: [endpoints('ratings', ['127.64.0.9']), endpoints('reviews', ['127.64.0.7', '127.64.0.8'])],
    }
    pilot.show(after)
    await until(proxy, after)
    expect(proxy.seen.at(-1)?.endpointsOnly).toBe(true)
    expect(proxy.seen.at(-1)?.view.listeners[0]).toBe(proxy.seen[0]?.view.listeners[0])
    const now = nonceOf(await synced(pilot, 'e1'))
    expect(Object.keys(now).filter((type) => now[type] !== nonces[type])).toEqual(['EDS'])
  })

  test('what cannot be honoured is refused by name while the rest of the same change applies', async () => {
    const before = shopView('n0', ['reviews'])
    const pilot = await server(before)
    const refused: string[] = []
    const proxy = client(pilot.address, {
      mode,
      judge: (view) =>
        view.listeners
          .filter(({ port }) => port === 1)
          .map(({ name }) => (refused.push(name), { type: 'LDS', resource: name, reason: 'port 1 is taken' })),
    })
    await until(proxy, before)
    pilot.show({ ...shopView('n1', ['reviews', 'ratings']), listeners: [httpProxy(1)] })
    const errors = await pilot.facts.until(() => {
      const failed = pilot.statusOf()?.types.filter(({ state }) => state === 'ERROR')
      return failed?.length === 1 && pilot.statusOf()?.types.filter(({ state }) => state === 'SYNCED').length === 4 && failed
    })
    expect(errors).toMatchObject([{ type: 'LDS', error: 'LDS http_proxy: port 1 is taken', ackedSnapshot: 'n0' }])
    expect(proxy.seen.at(-1)?.view).toMatchObject({ listeners: before.listeners, clusters: [{}, {}] })
    const mended = shopView('n2', ['reviews', 'ratings'])
    pilot.show(mended)
    await until(proxy, mended)
    await synced(pilot, 'n2')
    expect(refused).toEqual(['http_proxy'])
  })

  test('what does not work yet is refused by name and stays in the view, and is accepted without a new response when it works', async () => {
    const view = shopView('w0', ['reviews', 'ratings'])
    const pilot = await server(view)
    const taken = { type: 'LDS', resource: 'http_proxy', reason: 'the port is taken' } as const
    let pending: readonly Rejection[] = [taken]
    const proxy = client(pilot.address, { mode, pending: () => pending })
    const refused = async (side: ServerSide): Promise<void> => {
      const errors = await side.facts.until(() => {
        const types = side.statusOf()?.types ?? []
        return types.length === 5 && types.every(({ settled }) => settled) && types.filter(({ state }) => state !== 'SYNCED')
      })
      expect(errors).toMatchObject([{ type: 'LDS', state: 'ERROR', error: 'LDS http_proxy: the port is taken' }])
    }
    await until(proxy, view)
    await refused(pilot)
    const next = { ...view, snapshot: 'w1', endpoints: [endpoints('ratings', ['127.64.0.9']), endpoints('reviews', ['127.64.0.7'])] }
    pilot.show(next)
    await until(proxy, next)
    await refused(pilot)
    await pilot.stop()
    const second = await server(next, undefined, pilot.rpc.port)
    await refused(second)
    const { sentNonce } = second.statusOf()?.types.find(({ type }) => type === 'LDS') ?? {}
    pending = []
    proxy.client.review()
    await synced(second, 'w1')
    expect(second.statusOf()?.types.find(({ type }) => type === 'LDS')).toMatchObject({ sentNonce, ackedNonce: sentNonce })
    expect(proxy.seen.every((seen) => seen.view.listeners.length === 1)).toBe(true)
  })

  test('a client keeps its view while the server is away, and comes back for what changed', async () => {
    const before = shopView('r0', ['reviews'])
    const first = await server(before)
    const proxy = client(first.address, { mode })
    await until(proxy, before)
    await synced(first, 'r0')
    const views = proxy.seen.length
    await first.stop()
    await proxy.facts.until(() => proxy.states.at(-1)?.kind === 'disconnected')
    expect(proxy.seen).toHaveLength(views)
    const after = shopView('r1', ['reviews', 'details'])
    const second = await server(after, undefined, first.rpc.port)
    await until(proxy, after)
    await synced(second, 'r1')
    for (const { view } of proxy.seen) expect(danglingNames(view)).toEqual([])
  })

  test('a client that starts with a view from disk is synced without being sent what it has', async () => {
    const view = shopView('d0', ['reviews', 'ratings'])
    const pilot = await server({ ...view, snapshot: 'd1' })
    const proxy = client(pilot.address, { mode, initial: view })
    await synced(pilot, 'd1')
    await until(proxy, { ...view, snapshot: 'd1' })
    expect(proxy.seen[0]?.view.clusters[0]).toBe(view.clusters[0])
  })

  test('a client that may not speak for its node is refused, and tries again', async () => {
    let allowed = false
    const view = shopView('p0', ['reviews'])
    const pilot = await server(view, (node) => (allowed ? undefined : `you are not ${node.name}`))
    const proxy = client(pilot.address, { mode })
    const state = await proxy.facts.until(() => proxy.states.find(({ kind }) => kind === 'disconnected'))
    expect(state).toMatchObject({ reason: 'PERMISSION_DENIED: you are not productpage-v1-0' })
    expect(proxy.seen).toEqual([])
    allowed = true
    await until(proxy, view)
  })

  test('a client that connects before there is a view gets it when there is one', async () => {
    const pilot = await server(undefined)
    const proxy = client(pilot.address, { mode })
    await pilot.facts.until(() => pilot.statusOf()?.types.length === 3)
    expect(pilot.statusOf()?.types.map(({ state }) => state)).toEqual(['STALE', 'STALE', 'STALE'])
    const view = shopView('l0', ['reviews'])
    pilot.show(view)
    await until(proxy, view)
  })

  test('a view that takes long to put in force is followed by the latest one, not by each between', async () => {
    const pilot = await server(shopView('q0', ['reviews']))
    const release = Promise.withResolvers<void>()
    const offered: string[] = []
    const proxy = client(pilot.address, {
      mode,
      onView: async (view) => {
        offered.push(view.snapshot)
        queueMicrotask(() => proxy.facts.changed())
        if (offered.length === 1) await release.promise
        return []
      },
    })
    await proxy.facts.until(() => offered.length === 1)
    for (let step = 1; step <= 5; step++) pilot.show(shopView(`q${step}`, ['reviews', `extra${step}`]))
    release.resolve()
    await synced(pilot, 'q5')
    expect(offered.at(-1)).toBe('q5')
    expect(offered).not.toContain('q2')
  })

  test('a view that its consumer fails on is refused, and the next one is offered whole', async () => {
    const pilot = await server(shopView('t0', ['reviews']))
    const failures: unknown[] = []
    const offers: { snapshot: string; endpointsOnly: boolean }[] = []
    const proxy = client(pilot.address, {
      mode,
      onError: (error) => failures.push(error),
      onView: ({ snapshot }, { endpointsOnly }) => {
        offers.push({ snapshot, endpointsOnly })
        queueMicrotask(() => proxy.facts.changed())
        if (snapshot === 't0') throw new Error('no')
        return []
      },
    })
    await pilot.facts.until(() => pilot.statusOf()?.types.some(({ state }) => state === 'ERROR'))
    expect(failures.length).toBeGreaterThan(0)
    const base = shopView('t0', ['reviews'])
    pilot.show({ ...base, snapshot: 't1', endpoints: [endpoints('reviews', ['127.64.0.1'])] })
    await proxy.facts.until(() => offers.at(-1)?.snapshot === 't1')
    expect(offers.at(-1)).toEqual({ snapshot: 't1', endpointsOnly: false })
  })
})

test('after close nothing is heard and nothing is retried', async () => {
  const pilot = await server(shopView('c0', ['reviews']))
  const proxy = client(pilot.address)
  await proxy.facts.until(() => proxy.seen.length > 0)
  proxy.stop()
  await pilot.facts.until(() => pilot.ads.status().length === 0)
  expect(proxy.client.state).toEqual({ kind: 'closed' })
  expect(proxy.states.at(-1)).toEqual({ kind: 'closed' })
})

/** Names that a view uses and does not have. */
function danglingNames(view: View): string[] {
  const clusters = new Set(view.clusters.map(({ name }) => name))
  const tables = new Set(view.routes.map(({ name }) => name))
  const filled = new Set(view.endpoints.map(({ cluster }) => cluster))
  const used = view.routes.flatMap(({ hosts }) => hosts.map(({ name }) => clusterName(name)))
  const named = view.listeners.flatMap(({ chains }) =>
    chains.flatMap(({ filter }) => (filter.kind === 'http' && filter.routes.kind === 'rds' ? [filter.routes.name] : [])),
  )
  return [
    ...used.filter((name) => !clusters.has(name)),
    ...named.filter((name) => !tables.has(name)),
    ...[...clusters].filter((name) => !filled.has(name)),
  ]
}

function nonceOf(status: { readonly types: readonly { readonly type: string; readonly sentNonce: string }[] }): Record<string, string> {
  return Object.fromEntries(status.types.map(({ type, sentNonce }) => [type, sentNonce]))
}
