import { z } from 'zod'
import { MeshConfig } from './mesh-config.ts'

/** Kubernetes `v1.Namespace`; only its labels matter. */
export const Namespace = z.strictObject({ finalizers: z.array(z.string()).optional() })
export type Namespace = z.infer<typeof Namespace>

const References = z.array(z.record(z.string(), z.unknown()))

/** Kubernetes `v1.ServiceAccount`; only that it is there matters. */
export const ServiceAccount = z.strictObject({
  secrets: References.optional(),
  imagePullSecrets: References.optional(),
  automountServiceAccountToken: z.boolean().optional(),
})
export type ServiceAccount = z.infer<typeof ServiceAccount>

/** Kubernetes `v1.Secret`; `data` is base64. */
export const Secret = z.strictObject({
  type: z.string().optional(),
  data: z.record(z.string(), z.base64()).optional(),
  stringData: z.record(z.string(), z.string()).optional(),
  immutable: z.boolean().optional(),
})
export type Secret = z.infer<typeof Secret>

/** Kubernetes `v1.ConfigMap`. `mesh` is made by the loader: what the ConfigMap `istio` holds below `data.mesh`. */
export const ConfigMap = z.strictObject({
  data: z.record(z.string(), z.string()).optional(),
  binaryData: z.record(z.string(), z.base64()).optional(),
  immutable: z.boolean().optional(),
  mesh: MeshConfig.optional(),
})
export type ConfigMap = z.infer<typeof ConfigMap>
