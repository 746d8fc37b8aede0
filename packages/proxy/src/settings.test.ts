import { expect, test } from 'vitest'
import { readSettings, settingsOf } from './settings.ts'

const MINIMAL = {
  node: {
    kind: 'sidecar',
    name: 'reviews-v1-0',
    namespace: 'default',
    serviceAccount: 'reviews',
    workload: 'reviews-v1',
    address: '127.64.0.2',
  },
  pilotAddress: '127.64.0.1:15010',
  identity: null,
  stateDir: 'state/reviews-v1-0',
}
const FILE = '/srv/mesh/reviews.json'

test('ports and modes have their usual values when settings do not name them', () => {
  const settings = settingsOf(JSON.stringify(MINIMAL), { file: FILE, env: {} })
  expect(settings.ports).toEqual({ admin: 15000, outbound: undefined, health: 15021, metrics: 15090 })
  expect(settings).toMatchObject({
    adminAddress: '127.0.0.1',
    xdsMode: 'delta',
    headersWithUnderscores: 'reject',
    memoryLimit: 'auto',
    logLevel: 'info',
    node: { identity: false, cluster: 'Kubernetes' },
  })
})

test('relative paths are resolved against the folder of the settings file', () => {
  const identity = { caAddress: '127.64.0.1:15012', tokenFile: 'tokens/reviews.jwt', rootFile: '/etc/mesh/root.pem' }
  const settings = settingsOf(JSON.stringify({ ...MINIMAL, identity }), { file: FILE, env: {} })
  expect(settings.stateDir).toBe('/srv/mesh/state/reviews-v1-0')
  expect(settings.identity).toEqual({ ...identity, tokenFile: '/srv/mesh/tokens/reviews.jwt' })
  expect(settings.node.identity).toBe(true)
})

test('the environment replaces the address of pilot, the number of workers, the memory, the log level and the plug', () => {
  const env = {
    MESH_PILOT_ADDRESS: '10.0.0.1:15012',
    MESH_CONCURRENCY: '3',
    MESH_MEMORY_LIMIT: '64Mi',
    MESH_LOG_LEVEL: 'debug',
    MESH_IO: 'portable',
  }
  expect(settingsOf(JSON.stringify(MINIMAL), { file: FILE, env })).toMatchObject({
    pilotAddress: '10.0.0.1:15012',
    concurrency: 3,
    memoryLimit: 67_108_864,
    logLevel: 'debug',
    io: 'portable',
  })
  expect(() => settingsOf(JSON.stringify(MINIMAL), { file: FILE, env: { MESH_LOG_LEVEL: 'loud' } })).toThrow(
    /^MESH_LOG_LEVEL: write one of trace,/,
  )
})

test('a wrong setting is told by its path, and a file that is no JSON by its name', () => {
  expect(() => settingsOf(JSON.stringify({ ...MINIMAL, pilotAddress: 'nowhere' }), { file: FILE, env: {} })).toThrow(
    `${FILE}: pilotAddress: write it as address:port`,
  )
  expect(() => settingsOf(JSON.stringify({ ...MINIMAL, extra: 1 }), { file: FILE, env: {} })).toThrow(/extra/)
  expect(() => settingsOf('{', { file: FILE, env: {} })).toThrow(`${FILE} is not JSON`)
  expect(() => readSettings([], {})).toThrow('--settings FILE')
})
