import { CLUSTER_CELLS, HOST_CELLS, OUTLIER_LIMITS, type OutlierMemory } from '@mesh/core/outlier'

/** Memory in which all workers watch endpoints together; what is not used of it takes no room. */
export function sharedOutlierMemory(): OutlierMemory {
  return { clusters: sharedCells(OUTLIER_LIMITS.clusters * CLUSTER_CELLS), hosts: sharedCells(OUTLIER_LIMITS.hosts * HOST_CELLS) }
}

function sharedCells(count: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(count * Int32Array.BYTES_PER_ELEMENT))
}
