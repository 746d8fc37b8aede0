import { expect, test } from 'vitest'
import { meshFileSchema, type MeshFile } from './mesh-file.ts'
import { takeUp, type KnownMesh } from './take-up.ts'

const mesh = (processes: object): MeshFile => meshFileSchema.parse({ name: 'm', config: 'c', processes })
const known = (before: object, now: object): KnownMesh => ({
  mesh: mesh(before),
  reread: () => ({ kind: 'opened', mesh: mesh(now), dir: '/' }),
})
const WEB = { command: 'web', port: 80, env: { A: '1' } }

test('command, environment, probe and number may change while replicas run', () => {
  const now = { ...WEB, command: 'other', env: { A: '2' }, probe: { tcpSocket: {} }, replicas: 3 }
  const one = known({ web: WEB }, { web: now })
  expect(takeUp('web', { known: one, runs: true })).toMatchObject({ kind: 'taken', entry: { command: 'other', env: { A: '2' } } })
  expect(one.mesh.processes['web']?.command).toBe('other')
})

test.each([
  ['port', { ...WEB, port: 81 }],
  ['labels', { ...WEB, labels: { app: 'web' } }],
  ['sidecar', { ...WEB, sidecar: false }],
])('another %s is refused while replicas run, and taken when none does', (field, now) => {
  expect(takeUp('web', { known: known({ web: WEB }, { web: now }), runs: true })).toMatchObject({
    kind: 'refused',
    reason: expect.stringContaining(`another ${field} of web`),
  })
  expect(takeUp('web', { known: known({ web: WEB }, { web: now }), runs: false }).kind).toBe('taken')
})

test('a new process can be started, and one that left mesh.yaml is what it was', () => {
  expect(takeUp('new', { known: known({ web: WEB }, { web: WEB, new: WEB }), runs: false })).toMatchObject({ entry: { command: 'web' } })
  expect(takeUp('web', { known: known({ web: WEB }, {}), runs: true })).toMatchObject({ kind: 'taken', entry: { command: 'web' } })
  expect(takeUp('nobody', { known: known({}, {}), runs: false })).toEqual({ kind: 'taken', entry: undefined })
  expect(takeUp('constructor', { known: known({}, {}), runs: false })).toEqual({ kind: 'taken', entry: undefined })
})

test('a mistake in mesh.yaml is told with its place, and nothing is taken', () => {
  const one: KnownMesh = { mesh: mesh({ web: WEB }), reread: () => ({ kind: 'refused', reasons: ['mesh.yaml:3:1: no'] }) }
  expect(takeUp('web', { known: one, runs: true })).toEqual({ kind: 'refused', reason: 'mesh.yaml:3:1: no' })
})
