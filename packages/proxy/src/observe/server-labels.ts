import type { PeerLabels } from '@mesh/core/call'
import type { WorkloadRef } from '@mesh/core/view'

const known = new WeakMap<WorkloadRef, PeerLabels>()

/** How a source names the server that it called: the endpoint's workload, and the principal that it proved. One value per pair, so that it can serve as a key. */
export function serverLabels(workload: WorkloadRef, principal: string | undefined): PeerLabels {
  const before = known.get(workload)
  if (before !== undefined && before.principal === principal) return before
  const labels = { ...workload, principal }
  known.set(workload, labels)
  return labels
}
