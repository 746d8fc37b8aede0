import { expect, test } from 'vitest'
import { loadSources } from '../index.ts'

const told = (kind: 'Service' | 'WorkloadEntry' | 'AuthorizationPolicy', annotation: string): string[] => {
  const group = { Service: 'v1', WorkloadEntry: 'networking.istio.io/v1', AuthorizationPolicy: 'security.istio.io/v1' }[kind]
  const text = `apiVersion: ${group}\nkind: ${kind}\nmetadata:\n  name: a\n  annotations:\n    ${annotation}\nspec: {}\n`
  return loadSources([{ file: 'a.yaml', text }]).findings.map(
    ({ origin, code, message, fix }) => `${origin.line} ${code} ${message}${fix === undefined ? '' : ` | ${fix}`}`,
  )
}

test.each([
  ['Service', 'networking.istio.io/exportTo: "., team-a"'],
  ['Service', 'prometheus.io/scrape: "true"'],
  ['Service', 'kubectl.kubernetes.io/last-applied-configuration: "{}"'],
  ['Service', 'install.operator.istio.io/version: "1"'],
  ['WorkloadEntry', 'istio.io/connectedAt: "1"'],
  ['WorkloadEntry', `mesh.io/app-ports: '{"9080":34567,"81":82}'`],
  ['WorkloadEntry', 'mesh.io/app-ports: "{}"'],
  ['WorkloadEntry', `{mesh.io/proxy: gateway, proxy.istio.io/config: 'gatewayTopology: {proxyProtocol: {}}'}`],
  ['WorkloadEntry', `{mesh.io/proxy: gateway, proxy.istio.io/config: ''}`],
  ['AuthorizationPolicy', 'istio.io/dry-run: "false"'],
] as const)('nothing is said of %s with %s', (kind, annotation) => expect(told(kind, annotation)).toEqual([]))

test.each([
  [
    'Service',
    'networking.istio.io/exportto: "."',
    '6 IST0108 Nobody knows the annotation `networking.istio.io/exportto`. | Write `networking.istio.io/exportTo`.',
  ],
  ['Service', 'mesh.io/unready: "true"', '6 IST0107 The annotation `mesh.io/unready` means something on WorkloadEntry only.'],
  ['Service', 'sidecar.istio.io/inject: "true"', '6 IST0107 The annotation `sidecar.istio.io/inject` means something on a Pod only.'],
  [
    'Service',
    'networking.istio.io/exportTo: "a b"',
    '6 IST0125 The annotation `networking.istio.io/exportTo` must be `.`, `*`, `~` or names of namespaces, parted by commas (it is "a b").',
  ],
  [
    'Service',
    'alpha.istio.io/canonical-serviceaccounts: "a"',
    '6 IST0135 The annotation `alpha.istio.io/canonical-serviceaccounts` is out of use at Istio. | Write `subjectAltNames` of a ServiceEntry.',
  ],
  [
    'Service',
    'networking.istio.io/traffic-distribution: PreferClose',
    '6 MESH0101 The annotation `networking.istio.io/traffic-distribution` has no effect yet.',
  ],
  [
    'WorkloadEntry',
    'mesh.io/app-ports: "9080=34567"',
    '6 IST0125 The annotation `mesh.io/app-ports` must be a map of ports like {"9080":34567} (it is "9080=34567").',
  ],
  [
    'WorkloadEntry',
    `proxy.istio.io/config: 'gatewayTopology: {proxyProtocol: {}}'`,
    '6 MESH0101 The annotation `proxy.istio.io/config` has an effect on gateways only. | Write `mesh.io/proxy: gateway` beside it.',
  ],
  [
    'WorkloadEntry',
    `{mesh.io/proxy: gateway, proxy.istio.io/config: '{concurrency: 2, gatewayTopology: {numTrustedProxies: 1, proxyProtocol: {}}}'}`,
    '6 MESH0101 In the annotation `proxy.istio.io/config` there is no effect yet of `concurrency`, `gatewayTopology.numTrustedProxies`.',
  ],
  [
    'WorkloadEntry',
    `{mesh.io/proxy: gateway, proxy.istio.io/config: 'gatewayTopology: {proxyProtocol: {version: V2}}'}`,
    '6 IST0125 The annotation `proxy.istio.io/config` must be a ProxyConfig, like `gatewayTopology: {proxyProtocol: {}}` (it is "gatewayTopology: {proxyProtocol: {version: V2}}").',
  ],
  [
    'WorkloadEntry',
    `proxy.istio.io/config: '{'`,
    '6 IST0125 The annotation `proxy.istio.io/config` must be a ProxyConfig, like `gatewayTopology: {proxyProtocol: {}}` (it is "{").',
  ],
  ['Service', `proxy.istio.io/config: '{}'`, '6 IST0107 The annotation `proxy.istio.io/config` means something on WorkloadEntry only.'],
  [
    'AuthorizationPolicy',
    'istio.io/dry-run: "yes"',
    '6 IST0125 The annotation `istio.io/dry-run` must be "true" or "false" (it is "yes").',
  ],
] as const)('%s with %s is told', (kind, annotation, finding) => expect(told(kind, annotation)).toEqual([finding]))

test('a ConfigMap istio in another namespace sets nothing, and is told', () => {
  const text = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: istio\n  namespace: default\ndata: {mesh: "nonsense: 1"}\n'
  const { findings } = loadSources([{ file: 'a.yaml', text }])
  expect(findings.map(({ origin, code }) => [origin.line, code])).toEqual([[5, 'MESH0101']])
})
