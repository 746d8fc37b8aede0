import { expect, test } from 'vitest'
import { NODE, shopView } from '../testdata/shop.ts'
import { configDump } from './config-dump.ts'

const FACTS = {
  secrets: [
    { name: 'default', certChainPem: 'CHAIN' },
    { name: 'ROOTCA', rootsPem: 'ROOTS' },
  ],
  version: 'abc',
  lastUpdatedMs: 0,
  node: NODE,
}

test('a view is shown in the sections and names of Envoy', () => {
  const { configs } = configDump(shopView('abc', ['reviews']), FACTS) as { configs: Record<string, unknown>[] }
  expect(configs.map((section) => String(section['@type']).split('.').at(-1))).toEqual([
    'BootstrapConfigDump',
    'ClustersConfigDump',
    'ListenersConfigDump',
    'RoutesConfigDump',
    'EndpointsConfigDump',
    'SecretsConfigDump',
  ])
  expect(configs[1]).toMatchObject({
    dynamic_active_clusters: [
      {
        version_info: 'abc',
        last_updated: '1970-01-01T00:00:00.000Z',
        cluster: { name: 'outbound|9080||reviews.default.svc.cluster.local', type: 'EDS', connect_timeout: '10s' },
      },
    ],
  })
  expect(configs[2]).toMatchObject({
    dynamic_listeners: [
      {
        name: 'http_proxy',
        active_state: { listener: { filter_chains: [{ filters: [{ typed_config: { stat_prefix: 'http_proxy' } }] }] } },
      },
    ],
  })
  expect(configs[3]).toMatchObject({
    dynamic_route_configs: [{ route_config: { name: 'http_proxy', virtual_hosts: [{ domains: ['reviews', 'reviews:9080'] }] } }],
  })
})

test('a private key is shown as redacted', () => {
  const { configs } = configDump(shopView('abc', []), FACTS) as { configs: Record<string, never>[] }
  const secrets = JSON.stringify(configs.at(-1))
  expect(secrets).toContain(`"private_key":{"inline_bytes":"${btoa('[redacted]')}"}`)
  expect(secrets).toContain(btoa('CHAIN'))
})
