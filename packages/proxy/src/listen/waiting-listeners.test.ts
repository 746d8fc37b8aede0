import { createServer, type AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import type { Listener, View } from '@mesh/core/view'
import { listenersPage } from '../admin/listeners.ts'
import { ask } from '../testdata/client.ts'
import { open, plane } from '../testdata/open.ts'
import type { TestPlane } from '../testdata/plane.ts'
import { rawClient } from '../testdata/raw-client.ts'
import { httpFilter, listener, route, table, view } from '../testdata/views.ts'

const FAST = { limits: { listenRetryMs: 1, listenRetryMaxMs: 8 } }

/** A port that somebody else holds until it is freed. */
async function takenPort(): Promise<{ readonly port: number; free(): Promise<void> }> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const free = (): Promise<void> => new Promise((resolve) => server.close(() => resolve()))
  open.push({ close: free })
  return { port, free }
}

/** Listeners that answer with a text of the view. */
function answering(body: string, ...listeners: readonly Listener[]): View {
  return view({ listeners, routes: [table('http_proxy', { '*': [route('', { action: { kind: 'respond', status: 200, body } })] })] })
}

const at = (port: number, more: Partial<Listener> = {}): Listener => listener(port, httpFilter(), { name: 'late', ...more })
const other = listener(0, httpFilter())

/** Resolves as soon as it holds; asked whenever a listener changes and every turn. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve))
}

const bound = (made: TestPlane, name = 'late'): boolean => made.plane.listeners.bound.some(({ plan }) => plan.listener.name === name)

test('a port that is taken is told once and by name, the others work, and it serves as soon as it is free', async () => {
  const { port, free } = await takenPort()
  const made = await plane(answering('ok', at(port), other), FAST)
  const changes: unknown[] = []
  made.plane.listeners.watch((change) => changes.push(change))
  const reason = `127.0.0.1:${port} is taken`
  expect(made.failures).toEqual([])
  expect(made.plane.listeners.unbound).toEqual([{ listener: 'late', address: '127.0.0.1', port, reason }])
  expect(made.plane.ready).toBe(false)
  expect(listenersPage(made.plane.listeners, null).body).toContain(`late::127.0.0.1:${port} not bound: ${reason}\n`)
  expect(listenersPage(made.plane.listeners, 'json').body).toContain(`"not_bound": "${reason}"`)
  expect((await ask(made.port(), '/')).body).toBe('ok')
  await until(() => made.plane.counters.listenersFailed > 5)
  expect(changes).toEqual([])
  expect(made.plane.counters).toMatchObject({ listenersBound: 1, listenersWaiting: 1 })
  await free()
  await until(() => bound(made))
  expect((await ask(port, '/')).body).toBe('ok')
  expect(changes).toEqual([{ listener: 'late', reason: undefined }])
  expect(made.plane.ready).toBe(true)
  expect(made.plane.counters).toMatchObject({ listenersBound: 2, listenersWaiting: 0 })
})

test('a proxy that was ready once stays so when a later listener cannot be bound', async () => {
  const { port } = await takenPort()
  const made = await plane(answering('ok', other), FAST)
  expect(made.plane.ready).toBe(true)
  await made.plane.apply(answering('ok', other, at(port)))
  expect(made.plane.listeners.unbound).toHaveLength(1)
  expect(made.plane.ready).toBe(true)
})

test('a listener that the view gives up while it waits is not tried again, and holds readiness up no longer', async () => {
  const { port, free } = await takenPort()
  const made = await plane(answering('ok', at(port), other), FAST)
  await made.plane.apply(answering('ok', other))
  expect([made.plane.listeners.unbound, made.plane.ready]).toEqual([[], true])
  const tried = made.plane.counters.listenersFailed
  await free()
  await new Promise<void>((resolve) => void setTimeout(resolve, 30))
  expect([made.plane.counters.listenersFailed, bound(made)]).toEqual([tried, false])
})

test('a listener whose new port is taken serves the new view on its old one, until it can move', async () => {
  const { port, free } = await takenPort()
  const made = await plane(answering('before', at(0)), FAST)
  const old = made.port('late')
  await made.plane.apply(answering('after', at(port)))
  expect((await ask(old, '/')).body).toBe('after')
  await made.plane.apply(answering('after that', at(port)))
  expect((await ask(old, '/')).body).toBe('after that')
  await free()
  await until(() => made.port('late') === port)
  expect((await ask(port, '/')).body).toBe('after that')
  await until(() => made.plane.listeners.bound.length === 1)
  await expect(rawClient(old)).rejects.toThrow(/ECONNREFUSED/)
})

test('a listener moves between one address and all addresses on the same port', async () => {
  const made = await plane(answering('one', at(0)), FAST)
  const port = made.port('late')
  await made.plane.apply(answering('all', at(port, { address: '0.0.0.0' })))
  expect((await ask(port, '/')).body).toBe('all')
  await made.plane.apply(answering('one again', at(port)))
  expect((await ask(port, '/')).body).toBe('one again')
  expect(made.plane.listeners.unbound).toEqual([])
})

test('drain ends the attempts', async () => {
  const { port, free } = await takenPort()
  const made = await plane(answering('ok', at(port)), FAST)
  await made.plane.drain()
  await free()
  const tried = made.plane.counters.listenersFailed
  await new Promise<void>((resolve) => void setTimeout(resolve, 30))
  expect([made.plane.counters.listenersFailed, made.plane.listeners.bound]).toEqual([tried, []])
})
