import { z } from 'zod'
import { Labels, MatchLabels } from '../fields/common.ts'
import { ExportTo, ServiceHost } from '../fields/host.ts'
import { TrafficPolicy } from './traffic-policy.ts'

/** Istio `Subset`: one version of a service, by the labels of its workloads. */
export const Subset = z.strictObject({
  name: z
    .string()
    .min(1)
    .regex(/^[a-zA-Z0-9]([-a-zA-Z0-9._]*[a-zA-Z0-9])?$/, { error: 'is not the name of a subset' }),
  labels: Labels.optional(),
  trafficPolicy: TrafficPolicy.optional(),
})
export type Subset = z.infer<typeof Subset>

/** Istio `networking.v1.DestinationRule`: what happens to a request after its routing. */
export const DestinationRule = z.strictObject({
  host: ServiceHost,
  trafficPolicy: TrafficPolicy.optional(),
  subsets: z
    .array(Subset)
    .superRefine((subsets, context) => {
      const names = subsets.map((subset) => subset.name)
      for (const [index, name] of names.entries()) {
        if (names.indexOf(name) !== index)
          context.addIssue({ code: 'custom', path: [index, 'name'], message: 'is the name of an earlier subset' })
      }
    })
    .optional(),
  exportTo: z.array(ExportTo).optional(),
  workloadSelector: MatchLabels.optional(),
})
export type DestinationRule = z.infer<typeof DestinationRule>
