import { expect, test } from 'vitest'
import { kindOf, kindsOf, kindWord } from './kinds.ts'
import { readWanted } from './wanted-objects.ts'

test.each([
  ['vs', 'VirtualService'],
  ['VirtualService', 'VirtualService'],
  ['virtualservices', 'VirtualService'],
  ['virtualservices.networking.istio.io', 'VirtualService'],
  ['dr', 'DestinationRule'],
  ['gateways', 'Gateway'],
  ['serviceentries', 'ServiceEntry'],
  ['we', 'WorkloadEntry'],
  ['sidecars', 'Sidecar'],
  ['pa', 'PeerAuthentication'],
  ['authorizationpolicies', 'AuthorizationPolicy'],
  ['svc', 'Service'],
  ['cm', 'ConfigMap'],
  ['ns', 'Namespace'],
  ['sa', 'ServiceAccount'],
  ['secrets', 'Secret'],
])('%s is a %s', (word, kind) => {
  expect(kindOf(word)).toBe(kind)
})

test('several kinds are parted by commas, and all are all', () => {
  expect(kindsOf('vs,dr,vs')).toEqual(['VirtualService', 'DestinationRule'])
  expect(kindsOf('all').length).toBeGreaterThan(12)
})

test('a word for no kind is told with those there are, and a kind without effect as such', () => {
  expect(() => kindOf('vss')).toThrow(/no kind "vss".*virtualservice \(vs\)/)
  expect(() => kindOf('gateway.gateway.networking.k8s.io')).toThrow('no kind')
  expect(() => kindOf('wg')).toThrow('WorkloadGroup has no effect')
})

test('objects are named by kind and name, or by both in one word', () => {
  expect(readWanted(['vs', 'a', 'b'])).toMatchObject({ names: [{ name: 'a' }, { name: 'b' }] })
  expect(readWanted(['vs/a', 'dr/b'])).toMatchObject({ names: [{ kind: 'VirtualService' }, { kind: 'DestinationRule' }] })
  expect(readWanted(['vs,dr'])).toMatchObject({ kinds: ['VirtualService', 'DestinationRule'] })
  for (const words of [[], ['vs/a', 'b'], ['vs/'], ['/a'], ['vs/a/b']]) expect(() => readWanted(words)).toThrow(/KIND\/NAME|Say which/)
})

test('kubectl names an object by its kind with the group', () => {
  expect(kindWord('VirtualService/default/reviews')).toBe('virtualservice.networking.istio.io/reviews')
  expect(kindWord('Service/default/reviews')).toBe('service/reviews')
})
