import { z } from 'zod'
import { quiet, retired } from './note.ts'
import { named } from './type-name.ts'

/** Kubernetes labels: text to text. */
export const Labels = z.record(z.string(), z.string())

export const PortNumber = named(z.int().min(1).max(65_535), 'port')
export const Uint32 = z.int().min(0).max(4_294_967_295)
export const Count = z.int().min(0).max(2_147_483_647)

/** Istio `Percent`: a share of 100, down to 0.0001. */
export const Percent = z.strictObject({ value: z.number().min(0).max(100).optional() })

/** Which workloads by their labels (Istio `WorkloadSelector` of networking kinds). */
export const LabelSelector = z.strictObject({ labels: Labels.optional() })

/** Which workloads by their labels (Istio `type.v1beta1.WorkloadSelector`). */
export const MatchLabels = z.strictObject({ matchLabels: Labels.optional() })

const BY_KIND_AND_NAME = 'The target is found by its kind and name alone.'

/** Istio `PolicyTargetReference`. */
export const TargetRef = z.strictObject({
  group: quiet(z.string(), BY_KIND_AND_NAME).optional(),
  kind: z.string(),
  name: z.string(),
  namespace: quiet(z.string(), BY_KIND_AND_NAME).optional(),
})

/** Istio `Port` of a Gateway or Sidecar listener. */
export const ListenerPort = z.strictObject({
  number: PortNumber,
  protocol: z.string().min(1),
  name: z.string().optional(),
  targetPort: retired(PortNumber).optional(),
})
export type ListenerPort = z.infer<typeof ListenerPort>
