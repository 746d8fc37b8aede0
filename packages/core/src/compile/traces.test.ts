import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { buildSnapshot, type Snapshot } from '../snapshot/index.ts'
import { compileView, nodesOf, objectTraces, tracedNames, viewTraces, type ViewPart } from './index.ts'

const SHOP = readFileSync(new URL('./testdata/shop.yaml', import.meta.url), 'utf8')
const istio = (group: string, kind: string, name: string, spec: string): string =>
  `---\napiVersion: ${group}.istio.io/v1\nkind: ${kind}\nmetadata: {name: ${name}}\nspec: ${spec}\n`
const build = (more = ''): Snapshot => buildSnapshot({ sources: [{ file: 'shop.yaml', text: `${SHOP}${more}` }] })

function partsWith(snapshot: Snapshot, node: string, name: string): readonly ViewPart[] {
  const self = nodesOf(snapshot).find((one) => one.name === node)
  const object = snapshot.objects.find((one) => `${one.kind}/${one.meta.name}` === name)
  if (self === undefined || object === undefined) throw new Error(`no ${node} or ${name}`)
  const traces = viewTraces(compileView(snapshot, self))
  return (Object.keys(traces) as ViewPart[]).filter((part) => objectTraces(object).some((trace) => traces[part].has(trace)))
}

test('a rule is found in the routes of its callers, a DestinationRule in clusters and their endpoints', () => {
  const snapshot = build(
    istio('networking', 'VirtualService', 'reviews', '{hosts: [reviews], http: [{route: [{destination: {host: reviews, subset: v1}}]}]}') +
      istio('networking', 'DestinationRule', 'reviews', '{host: reviews, subsets: [{name: v1, labels: {version: v1}}]}'),
  )
  expect(partsWith(snapshot, 'client-0', 'VirtualService/reviews')).toEqual(['routes'])
  expect(partsWith(snapshot, 'client-0', 'DestinationRule/reviews')).toEqual(['clusters', 'endpoints'])
})

test('a policy is found with those whom it guards alone, even when it allows nobody', () => {
  const snapshot = build(
    istio('security', 'AuthorizationPolicy', 'nobody', '{selector: {matchLabels: {app: ratings}}}') +
      istio('security', 'PeerAuthentication', 'strict', '{selector: {matchLabels: {app: ratings}}, mtls: {mode: STRICT}}'),
  )
  for (const policy of ['AuthorizationPolicy/nobody', 'PeerAuthentication/strict']) {
    expect(partsWith(snapshot, 'ratings-v1-0', policy)).toEqual(['listeners'])
    expect(partsWith(snapshot, 'client-0', policy)).toEqual([])
  }
})

test('a Sidecar is found with those whom it limits, a service and a workload with all who may call them', () => {
  const snapshot = build(
    istio(
      'networking',
      'Sidecar',
      'small',
      '{workloadSelector: {labels: {app: client}}, egress: [{hosts: ["./ratings.default.svc.cluster.local"]}]}',
    ) +
      istio(
        'networking',
        'ServiceEntry',
        'books',
        '{hosts: [Books.example.com], ports: [{number: 80, name: http, protocol: HTTP}], resolution: DNS}',
      ) +
      istio(
        'networking',
        'VirtualService',
        'books',
        '{hosts: [books.example.com], http: [{route: [{destination: {host: books.example.com}}]}]}',
      ) +
      istio('networking', 'DestinationRule', 'books', '{host: books.example.com, trafficPolicy: {loadBalancer: {simple: RANDOM}}}'),
  )
  expect(partsWith(snapshot, 'client-0', 'Sidecar/small')).toEqual(['listeners'])
  expect(partsWith(snapshot, 'ratings-v1-0', 'Sidecar/small')).toEqual([])
  expect(partsWith(snapshot, 'client-0', 'Service/reviews')).toEqual([])
  expect(partsWith(snapshot, 'ratings-v1-0', 'Service/reviews')).toContain('clusters')
  expect(partsWith(snapshot, 'ratings-v1-0', 'ServiceEntry/books')).toEqual(['clusters', 'endpoints'])
  expect(partsWith(snapshot, 'ratings-v1-0', 'WorkloadEntry/client-0')).toEqual(['endpoints', 'workloads'])
})

test('the items that come from an object are known by name', () => {
  const snapshot = build(istio('networking', 'DestinationRule', 'reviews', '{host: reviews, subsets: [{name: v1, labels: {version: v1}}]}'))
  const self = nodesOf(snapshot).find((one) => one.name === 'client-0')
  if (self === undefined) throw new Error('no node')
  const view = compileView(snapshot, self)
  expect(tracedNames(view, 'clusters', ['DestinationRule/default/reviews'])).toEqual(['outbound|9080|v1|reviews.default.svc.cluster.local'])
  expect(tracedNames(view, 'routes', ['DestinationRule/default/nothing'])).toEqual([])
})
