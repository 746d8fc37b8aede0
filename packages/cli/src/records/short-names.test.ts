import { expect, test } from 'vitest'
import { aRecord, aWorkload, who } from './testdata/a-record.ts'
import { calledName, callerName, msText, shortPlace } from './record-words.ts'
import { shortNames } from './short-names.ts'

const gateway = { name: 'ingress', namespace: 'istio-system', url: '', ports: {} }
const workloads = ['ingress', 'reviews-v1', 'reviews-v2', 'ratings-v1', 'client'].map((name, index) => aWorkload(name, index + 2))
const names = shortNames({ workloads, gateways: [gateway] })

test('a workload is called by its version only where it has several', () => {
  expect(['ingress', 'reviews-v1', 'ratings-v1', 'client', 'unheard-of-v3'].map((name) => names.workload(name))).toEqual([
    'gateway',
    'reviews-v1',
    'ratings',
    'client',
    'unheard-of-v3',
  ])
  const two = shortNames({ workloads, gateways: [gateway, { ...gateway, name: 'egress' }] })
  expect(two.workload('ingress')).toBe('ingress')
})

test('who was called is the workload that answered, else the service that was meant, else the host', () => {
  const service = { host: 'ratings.default.svc.cluster.local', name: 'ratings', namespace: 'default' }
  expect(calledName(aRecord({ peer: who('reviews-v1'), service }), names)).toBe('reviews-v1')
  expect(calledName(aRecord({ service }), names)).toBe('ratings')
  expect(calledName(aRecord({ reporter: 'destination', self: who('ratings-v1') }), names)).toBe('ratings')
  expect(calledName(aRecord({ cluster: 'PassthroughCluster', authority: 'example.com' }), names)).toBe('example.com')
  const { cluster: _, ...nowhere } = aRecord({ authority: 'a\u0007b' })
  expect(calledName(nowhere, names)).toBe('a\\u0007b')
})

test('who called is known by the proxy on its side, or is an address', () => {
  expect(callerName(aRecord({ self: who('ingress') }), names)).toBe('gateway')
  expect(callerName(aRecord({ reporter: 'destination', peer: who('reviews-v2') }), names)).toBe('reviews-v2')
  expect(callerName(aRecord({ reporter: 'destination' }), names)).toBe('127.0.0.1:4000')
})

test('times and places are short', () => {
  expect([0, 0.84, 9.94, 9.96, 14.4, 1234].map(msText)).toEqual(['0 ms', '0.8 ms', '9.9 ms', '10 ms', '14 ms', '1.2 s'])
  const origin = { kind: 'VirtualService', namespace: 'default', name: 'a' }
  expect([shortPlace({ ...origin, file: '/x/y/a.yaml', line: 3 }), shortPlace(origin)]).toEqual(['a.yaml:3', 'VirtualService default/a'])
})
