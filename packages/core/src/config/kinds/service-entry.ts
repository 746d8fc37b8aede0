import { z } from 'zod'
import { LabelSelector, PortNumber } from '../fields/common.ts'
import { ExportTo, IpBlock, WildcardHost } from '../fields/host.ts'
import { inertValues, otherwise } from '../fields/note.ts'
import { WorkloadEntry } from './workload-entry.ts'

/** Istio `ServicePort` of a ServiceEntry. */
export const ServiceEntryPort = z.strictObject({
  number: PortNumber,
  protocol: z.string().optional(),
  name: z.string().min(1),
  targetPort: PortNumber.optional(),
})
export type ServiceEntryPort = z.infer<typeof ServiceEntryPort>

const Resolution = inertValues(z.enum(['NONE', 'STATIC', 'DNS', 'DNS_ROUND_ROBIN', 'DYNAMIC_DNS']), {
  DNS_ROUND_ROBIN: 'it works as `DNS`',
  DYNAMIC_DNS: 'it works as `DNS`',
})

/** Istio `networking.v1.ServiceEntry`: a service that the registry does not know by itself. */
export const ServiceEntry = z
  .strictObject({
    hosts: z.array(WildcardHost).min(1),
    addresses: z.array(IpBlock).optional(),
    ports: z.array(ServiceEntryPort).optional(),
    location: otherwise(z.enum(['MESH_EXTERNAL', 'MESH_INTERNAL']), 'MESH_EXTERNAL').optional(),
    resolution: otherwise(Resolution, 'NONE').optional(),
    endpoints: z.array(WorkloadEntry).optional(),
    workloadSelector: LabelSelector.optional(),
    exportTo: z.array(ExportTo).optional(),
    subjectAltNames: z.array(z.string()).optional(),
  })
  .superRefine((spec, context) => {
    if (spec.workloadSelector !== undefined && (spec.endpoints ?? []).length > 0) {
      context.addIssue({ code: 'custom', path: ['workloadSelector'], message: 'cannot stand beside `endpoints`' })
    }
    const numbers = (spec.ports ?? []).map((port) => port.number)
    for (const [index, number] of numbers.entries()) {
      if (numbers.indexOf(number) !== index)
        context.addIssue({ code: 'custom', path: ['ports', index, 'number'], message: 'is the number of an earlier port' })
    }
    const wildcard = (spec.hosts ?? []).findIndex((host) => host.startsWith('*'))
    if (wildcard >= 0 && spec.resolution?.startsWith('DNS') === true && (spec.endpoints ?? []).length === 0) {
      context.addIssue({
        code: 'custom',
        path: ['hosts', wildcard],
        message: 'cannot be resolved by DNS',
        params: { fix: 'Write `endpoints`, or `resolution: NONE`.' },
      })
    }
  })
export type ServiceEntry = z.infer<typeof ServiceEntry>
