import { execFile } from 'node:child_process'
import { isBuiltin } from 'node:module'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Worker } from 'node:worker_threads'
import { fastIo, type Sys } from '@mesh/io/fast'
import type { Conn } from '@mesh/io'
import { expect, onTestFinished, test } from 'vitest'
import { Rig } from '../rig.ts'
import { BINDINGS } from './bindings.ts'

const echo = {
  onData: (conn: Conn, lent: Uint8Array): void => {
    if (conn.write(lent) === 'short') conn.pause()
  },
  onDrain: (conn: Conn): void => conn.resume(),
  onEnd: (conn: Conn): void => conn.end(),
}
const data = (name: string): string => fileURLToPath(new URL(`testdata/${name}`, import.meta.url))
const run = (...args: readonly string[]) => promisify(execFile)(process.execPath, ['--conditions=@mesh/source', ...args])

test.each(BINDINGS)(
  '%s: what a handler puts off by promises, nextTick and immediates runs, though nothing else wakes it',
  async (binding) => {
    const rig = new Rig((options) => fastIo({ ...options, binding }))
    const ran: string[] = []
    const socket = await rig.listen({
      onData: (conn, lent) => {
        const copy = lent.slice()
        void Promise.resolve().then(() => ran.push('promise'))
        process.nextTick(() => ran.push('tick'))
        setImmediate(() => {
          ran.push('immediate')
          conn.write(copy)
        })
      },
    })
    const client = rig.connect(socket, { onOpen: (conn) => void conn.write(Buffer.from('x')) })
    await client.until(() => client.text === 'x')
    expect(ran.toSorted()).toEqual(['immediate', 'promise', 'tick'])
    await rig.close()
  },
)

test('connections that always have more to say hold up neither timers nor one another', async () => {
  const rig = new Rig((options) => fastIo(options))
  onTestFinished(() => rig.close())
  const block = new Uint8Array(65_536)
  const socket = await rig.listen(echo)
  const pump = (conn: Conn): void => {
    while (conn.write(block) === 'accepted');
  }
  const clients = Array.from({ length: 8 }, () => rig.connect(socket, { onOpen: pump, onDrain: pump }))
  const ticked = Promise.withResolvers<void>()
  const tick = (left: number): void => {
    if (left === 0) ticked.resolve()
    else rig.io.timers.arm(1, () => tick(left - 1))
  }
  tick(20)
  // They go on for as long as anybody waits.
  await Promise.all([ticked.promise, ...clients.map((client) => client.until(() => client.bytes > 4_000_000))])
  expect(rig.faults).toEqual([])
})

test('what the plug itself throws ends that connection and costs no other its events', async () => {
  let throwing = false
  const through = (sys: Sys): Sys =>
    new Proxy(sys, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target)
        if (typeof value !== 'function') return value
        return (...args: unknown[]): unknown => {
          if (throwing && name === 'recv') {
            throwing = false
            throw new Error('planted')
          }
          return Reflect.apply(value, target, args)
        }
      },
    })
  const rig = new Rig((options) => fastIo({ ...options, through }))
  const socket = await rig.listen(echo)
  const clients = Array.from({ length: 4 }, () => rig.connect(socket))
  await Promise.all(clients.map((client) => client.until(({ happened }) => happened.includes('open'))))
  await rig.server(3)
  throwing = true
  // All in one turn: the bytes of all are there before the next.
  for (const { conn } of clients) conn?.write(Buffer.from('x'))
  await Promise.all(clients.map((client) => client.until(() => client.closed || client.text === 'x')))
  expect(clients.filter(({ text }) => text === 'x')).toHaveLength(3)
  expect(clients.filter(({ error }) => error?.code === 'reset')).toHaveLength(1)
  expect(rig.accepted.filter(({ closes, error }) => closes === 1 && error?.code === 'other')).toHaveLength(1)
  expect(rig.faults).toEqual([new Error('planted')])
  await rig.close()
})

test.each(BINDINGS)(
  '%s: choosing a protocol in the middle of a handshake survives a heap that is collected all the time',
  async (binding) => {
    const { stdout } = await run('--expose-gc', data('alpn-main.ts'), binding)
    expect(JSON.parse(stdout)).toEqual({ handshakes: 40, alpn: ['istio'], faults: 0 })
  },
)

test('in a worker thread it cannot be had, and says so: a worker that is terminated would take the process with it', async () => {
  const text = new Uint8Array(new SharedArrayBuffer(256))
  const done = new Int32Array(new SharedArrayBuffer(4))
  const worker = new Worker(data('worker-main.ts'), { execArgv: ['--conditions=@mesh/source'], workerData: { text, done } })
  await Atomics.waitAsync(done, 0, 0).value
  expect(Buffer.from(text).toString()).toMatch(/^FastUnavailable: .*main thread/)
  expect(await worker.terminate()).toBe(1)
})

test.each(BINDINGS)('%s: a process ends by itself once nothing of the plug is open', async (binding) => {
  const { stdout } = await run(data('ending-main.ts'), binding)
  expect(stdout).toBe('echoed')
})

test.each(BINDINGS)('%s: a process may be told to end in the middle of a turn', async (binding) => {
  const ended = await run(data('ending-main.ts'), binding, 'at once').catch((error: { code: unknown; stderr: string }) => error)
  expect(ended).toMatchObject({ code: 3, stderr: '' })
})

// What leaves the error is Node's own module, whatever the plug uses.
test.skipIf(!isBuiltin('node:ffi')).each(BINDINGS)(
  '%s: an error that somebody else left in OpenSSL is not taken for one of a connection',
  async (binding) => {
    const { stdout } = await run('--disable-warning=ExperimentalWarning', data('stale-error-main.ts'), binding)
    expect(stdout).toBe('echoed')
  },
)
