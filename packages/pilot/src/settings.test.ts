import { expect, test } from 'vitest'
import { parseSettings, readSettings } from './settings.ts'

const least = { address: '127.0.0.1', xdsPort: 0, configDirs: ['config'], identity: null }

test('paths are taken from the folder of the file, and the rest has defaults', () => {
  const identity = { caAddress: '127.0.0.2:15012', tokenFile: 'pilot.jwt', rootFile: '/root.pem' }
  expect(parseSettings(JSON.stringify({ ...least, identity }), '/mesh/state/pilot.json')).toEqual({
    address: '127.0.0.1',
    xdsPort: 0,
    monitoringPort: 15014,
    configDirs: ['/mesh/state/config'],
    registryDirs: [],
    trustDomain: 'cluster.local',
    cluster: 'Kubernetes',
    allowUnregistered: false,
    identity: { caAddress: '127.0.0.2:15012', tokenFile: '/mesh/state/pilot.jwt', rootFile: '/root.pem' },
  })
})

test('what does not fit is named with its file and field', () => {
  expect(() => parseSettings(JSON.stringify({ ...least, xdsPort: 'x' }), 'pilot.json')).toThrow(/pilot\.json: xdsPort/)
  expect(() => parseSettings(JSON.stringify({ ...least, port: 1 }), 'pilot.json')).toThrow(/port/)
  expect(() => parseSettings('{', 'pilot.json')).toThrow(/pilot\.json/)
  expect(() => readSettings(['node', 'main.js'], {})).toThrow(/--settings/)
})
