import { z } from 'zod'
import { Labels, PortNumber, Uint32 } from '../fields/common.ts'
import { isDnsName, isIp } from '../fields/host.ts'
import { inert, otherwise } from '../fields/note.ts'

const Address = z.string().refine((text) => text === '' || isIp(text) || isDnsName(text) || text.startsWith('unix://'), {
  error: 'is not an address',
  params: { fix: 'Write an IP address, a DNS name, or `unix:///path`.' },
})

/** Istio `networking.v1.WorkloadEntry`: one instance of a workload, and the endpoints of a ServiceEntry. */
export const WorkloadEntry = z.strictObject({
  address: Address.optional(),
  ports: z.record(z.string().min(1), PortNumber).optional(),
  labels: Labels.optional(),
  network: inert(z.string()).optional(),
  locality: inert(z.string()).optional(),
  weight: otherwise(Uint32, 1).optional(),
  serviceAccount: z.string().optional(),
})
export type WorkloadEntry = z.infer<typeof WorkloadEntry>
