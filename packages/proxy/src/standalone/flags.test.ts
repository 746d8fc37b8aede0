import { availableParallelism } from 'node:os'
import { expect, test } from 'vitest'
import { readFlags } from './flags.ts'

test('a folder alone makes a gateway named ingress, with the usual ports, in its own log level', () => {
  expect(readFlags(['--config', '/srv/edge'], {})).toEqual({
    directory: '/srv/edge',
    as: undefined,
    name: 'ingress',
    namespace: 'default',
    labels: undefined,
    address: undefined,
    ports: { admin: 15000, health: 15021, metrics: 15090, outbound: undefined },
    concurrency: 1,
    memoryLimit: 'auto',
    io: 'auto',
    hotRestart: undefined,
    logLevel: 'info',
  })
})

test('flags say who it is, where it listens and how much it tells', () => {
  const argv =
    '--config=/srv/edge --as sidecar --namespace shop --labels app=web,version=v1 --address ::1 --admin 0 --io portable --log-level debug'
  expect(readFlags(argv.split(' '), { MESH_LOG_LEVEL: 'silent' })).toMatchObject({
    as: 'sidecar',
    name: 'sidecar',
    namespace: 'shop',
    labels: { app: 'web', version: 'v1' },
    address: '::1',
    ports: { admin: 0 },
    io: 'portable',
    logLevel: 'debug',
  })
  expect(readFlags(['--config', '/srv/edge'], { MESH_LOG_LEVEL: 'silent' }).logLevel).toBe('silent')
})

test('as many workers as --concurrency says, else MESH_CONCURRENCY; 0 is one for each core', () => {
  const workers = (env: Readonly<Record<string, string>>, ...argv: readonly string[]): number =>
    readFlags(['--config', '/srv/edge', ...argv], env).concurrency
  expect([
    workers({}, '--concurrency', '3'),
    workers({ MESH_CONCURRENCY: '2' }),
    workers({ MESH_CONCURRENCY: '2' }, '--concurrency=4'),
  ]).toEqual([3, 2, 4])
  expect(workers({}, '--concurrency', '0')).toBe(availableParallelism())
  expect(() => workers({ MESH_CONCURRENCY: 'many' })).toThrow('MESH_CONCURRENCY: write a whole number')
})

test('as much memory as --memory-limit says, else MESH_MEMORY_LIMIT', () => {
  const limit = (env: Readonly<Record<string, string>>, ...argv: readonly string[]): unknown =>
    readFlags(['--config', '/srv/edge', ...argv], env).memoryLimit
  expect([limit({ MESH_MEMORY_LIMIT: '1Gi' }), limit({ MESH_MEMORY_LIMIT: '1Gi' }, '--memory-limit', 'off')]).toEqual([2 ** 30, 'off'])
})

test.each([
  ['--memory-limit 12MB', '--memory-limit: write it as 512Mi, 1Gi or bytes, or auto, or off'],
  ['--concurrency 129', '--concurrency: write a whole number from 0 to 128'],
  ['--as router', '--as: write one of gateway, sidecar'],
  ['--address localhost', '--address: write an IP address'],
  ['--admin http', '--admin: write a whole number'],
  ['--admin 65536', '--admin: write a whole number from 0 to 65535'],
  ['--labels app', '--labels: write them as a=b,c=d, not "app"'],
  ['--namespace=', '--namespace: write a text'],
  ['--io slow', '--io: write one of auto, fast, portable'],
  ['--log-level loud', '--log-level: write one of'],
  ['--workers 2', "Unknown option '--workers'"],
  ['extra', "Unexpected argument 'extra'"],
])('%s is refused with what to write', (text, message) => {
  expect(() => readFlags(['--config', '/srv/edge', ...text.split(' ')], {})).toThrow(message)
})
