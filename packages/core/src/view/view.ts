import type { Cluster, ClusterEndpoints } from './cluster.ts'
import type { Listener } from './listener.ts'
import type { RouteTable } from './route.ts'
import type { Workload } from './workload.ts'

/**
 * What one node may know of a snapshot, with Envoy's semantics, as plain structured-cloneable values.
 * Each list is sorted by name, so that equal views are equal as JSON.
 */
export interface View {
  /** Content hash of the snapshot that it was computed from; short lower-case hex. */
  readonly snapshot: string
  readonly listeners: readonly Listener[]
  readonly routes: readonly RouteTable[]
  readonly clusters: readonly Cluster[]
  readonly endpoints: readonly ClusterEndpoints[]
  /** Who lives at which address under which account: for peer labels in telemetry, never for authorization. */
  readonly workloads: readonly Workload[]
}

export const EMPTY_VIEW: View = { snapshot: '', listeners: [], routes: [], clusters: [], endpoints: [], workloads: [] }
