import type { Workload } from '@mesh/core/view'
import type { Workload as WorkloadMessage, WorkloadSchema } from '@mesh/rpc/gen/istio/workload/workload_pb'
import type { Init } from './init.ts'
import { ipBytes, ipText } from './ip.ts'

/** Istio's workload discovery: who lives at an address. */
export function encodeWorkload(workload: Workload): Init<typeof WorkloadSchema> {
  return {
    uid: workload.uid,
    name: workload.uid.slice(workload.uid.lastIndexOf('/') + 1),
    namespace: workload.namespace,
    addresses: workload.addresses.map(ipBytes),
    serviceAccount: workload.serviceAccount,
    workloadName: workload.workload,
    canonicalName: workload.app,
    canonicalRevision: workload.version,
    clusterId: workload.cluster,
  }
}

export function decodeWorkload(workload: WorkloadMessage): Workload {
  return {
    uid: workload.uid,
    workload: workload.workloadName,
    namespace: workload.namespace,
    serviceAccount: workload.serviceAccount,
    addresses: workload.addresses.map(ipText),
    app: workload.canonicalName,
    version: workload.canonicalRevision,
    cluster: workload.clusterId,
  }
}
