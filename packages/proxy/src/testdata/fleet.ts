import type { View } from '@mesh/core/view'
import { fastIo } from '@mesh/io/fast'
import { portableIo } from '@mesh/io/portable'
import { createLogger } from '@mesh/telemetry'
import { expect } from 'vitest'
import type { MemoryLimit } from '../overload/memory-limit.ts'
import { settingsOf } from '../settings.ts'
import { Fleet, type FleetOptions } from '../workers/fleet.ts'
import { open } from './open.ts'
import { SELF } from './views.ts'

export interface TestFleet {
  readonly fleet: Fleet
  /** Of the access log. */
  readonly lines: readonly string[]
  /** Messages of errors and worse in the main thread's log. */
  readonly errors: readonly string[]
  port(name?: string): number
}

/** Two worker threads on a view, closed behind the test; no fault may show in the main thread. */
export async function fleetOf(
  view: View,
  {
    identity = false,
    memoryLimit = 'auto',
    ...options
  }: Partial<FleetOptions> & { readonly identity?: boolean; readonly memoryLimit?: MemoryLimit } = {},
): Promise<TestFleet> {
  const { identity: _identity, ...node } = SELF
  const ids = identity ? { caAddress: '127.0.0.1:1', tokenFile: 'token', rootFile: 'root' } : null
  const text = JSON.stringify({
    node,
    pilotAddress: '127.0.0.1:1',
    identity: ids,
    stateDir: '/nowhere',
    concurrency: 2,
    memoryLimit,
    logLevel: 'silent',
  })
  const faults: unknown[] = []
  const errors: string[] = []
  const lines: string[] = []
  const onFault = (error: unknown): void => void faults.push(error)
  const fleet = new Fleet({
    settings: settingsOf(text, { file: '/settings.json', env: {} }),
    log: Object.assign(createLogger({ name: 'test', level: 'silent' }), {
      error: (_fields: unknown, message: string) => void errors.push(message),
    }),
    io: process.env['MESH_TEST_IO'] === 'fast' ? fastIo({ onFault }) : portableIo({ onFault }),
    source: undefined,
    onFault,
    onIdentity: () => undefined,
    lines: { dropped: 0, write: (written) => void lines.push(...written.split('\n').slice(0, -1)), close: async () => undefined },
    ...options,
  })
  open.push({
    async close() {
      await fleet.close()
      expect(faults).toEqual([])
    },
  })
  await fleet.start()
  expect(await fleet.apply(view)).toEqual([])
  return {
    fleet,
    lines,
    errors,
    port(name = 'http_proxy') {
      const bound = fleet.listeners.bound.find(({ plan }) => plan.listener.name === name)
      if (bound?.socket === undefined) throw new Error(`no listener ${name}`)
      return bound.socket.port
    },
  }
}
