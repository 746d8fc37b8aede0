// Generated from istio/workload/workload.proto by tools/protobuf/generate.mjs: do not edit.

import { type DescMessage, type Message, field, list, message } from '../../../protobuf/index.ts'

export interface Workload extends Message<'istio.workload.Workload'> {
  name: string
  namespace: string
  addresses: Uint8Array[]
  trustDomain: string
  serviceAccount: string
  canonicalName: string
  canonicalRevision: string
  workloadName: string
  clusterId: string
  uid: string
}

export const WorkloadSchema: DescMessage<Workload> = message('istio.workload.Workload', () => ({
  name: field(1, 'string'),
  namespace: field(2, 'string'),
  addresses: list(3, 'bytes'),
  trustDomain: field(6, 'string'),
  serviceAccount: field(7, 'string'),
  canonicalName: field(10, 'string'),
  canonicalRevision: field(11, 'string'),
  workloadName: field(13, 'string'),
  clusterId: field(18, 'string'),
  uid: field(20, 'string'),
}))
