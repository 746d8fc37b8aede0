import fc, { type Arbitrary } from 'fast-check'
import type { View } from '@mesh/core/view'
import { cluster, clusterEndpoints, workload } from './cluster-arbitrary.ts'
import { listener } from './listener-arbitrary.ts'
import { name } from './parts-arbitrary.ts'
import { routeTable } from './route-arbitrary.ts'

/** Views of any shape that Envoy's API can say; names need not refer to each other. */
export const viewArbitrary: Arbitrary<View> = fc.record({
  snapshot: fc.stringMatching(/^[0-9a-f]{12}$/),
  listeners: named(listener, (value) => value.name),
  routes: named(routeTable, (value) => value.name),
  clusters: named(cluster, (value) => value.name),
  endpoints: named(clusterEndpoints, (value) => value.cluster),
  workloads: named(workload, (value) => value.uid),
})

/** A list with distinct names, sorted. */
function named<T>(of: (name: Arbitrary<string>) => Arbitrary<T>, nameOf: (value: T) => string): Arbitrary<T[]> {
  return fc
    .uniqueArray(of(name), { maxLength: 3, selector: nameOf })
    .map((values) => values.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)))
}
