import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readSettings, type CaSettings } from './settings.ts'

const least = { address: '127.0.0.1', stateDir: 'state', trustDomain: 'cluster.local', jwksFile: 'jwks.json', rootFile: '/root.pem' }

let dir: string
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'mesh-ca-'))))
afterEach(() => rmSync(dir, { recursive: true }))

function read(settings: object): CaSettings {
  writeFileSync(join(dir, 'ca.json'), JSON.stringify(settings))
  return readSettings(['--settings', join(dir, 'ca.json')], {})
}

test('what is not said is as Istio has it, and a certificate alone renews nothing', () => {
  expect(read(least)).toEqual({
    ...least,
    port: 15012,
    monitoringPort: 15014,
    stateDir: join(dir, 'state'),
    jwksFile: join(dir, 'jwks.json'),
    workloadTtlSeconds: 24 * 3600,
    maxWorkloadTtlSeconds: 90 * 24 * 3600,
    renewWithoutTokenSeconds: 0,
  })
})

test('a life that is longer than the longest is a mistake that is said at once', () => {
  expect(() => read({ ...least, workloadTtlSeconds: 3600, maxWorkloadTtlSeconds: 60 })).toThrow(
    /ca\.json: workloadTtlSeconds is more than maxWorkloadTtlSeconds \(60\)/,
  )
  expect(() => read({ ...least, maxWorkloadTtlSeconds: 1e12 })).toThrow(/maxWorkloadTtlSeconds/)
})
