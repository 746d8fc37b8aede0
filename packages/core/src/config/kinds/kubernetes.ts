import { z } from 'zod'
import { quiet } from '../fields/note.ts'
import { MeshConfig } from './mesh-config.ts'

/** Kubernetes `v1.Namespace`. */
export const Namespace = quiet(
  z.strictObject({ finalizers: z.array(z.string()).optional() }),
  'A namespace is there as soon as an object names it.',
)
export type Namespace = z.infer<typeof Namespace>

const References = z.array(z.record(z.string(), z.unknown()))

/** Kubernetes `v1.ServiceAccount`. */
export const ServiceAccount = quiet(
  z.strictObject({
    secrets: References.optional(),
    imagePullSecrets: References.optional(),
    automountServiceAccountToken: z.boolean().optional(),
  }),
  'A workload names its account itself, and has its identity.',
)
export type ServiceAccount = z.infer<typeof ServiceAccount>

/** Kubernetes `v1.Secret`; `data` is base64. */
export const Secret = quiet(
  z.strictObject({
    type: z.string().optional(),
    data: z.record(z.string(), z.base64()).optional(),
    stringData: z.record(z.string(), z.string()).optional(),
    immutable: z.boolean().optional(),
  }),
  'Nothing reads Secrets yet: certificates are files.',
)
export type Secret = z.infer<typeof Secret>

const NOT_READ = 'Only `data.mesh` of the ConfigMap `istio` is read.'

/** Kubernetes `v1.ConfigMap`. `mesh` is made by the loader: what the ConfigMap `istio` holds below `data.mesh`. */
export const ConfigMap = z.strictObject({
  data: z.record(z.string(), z.string()).optional(),
  binaryData: quiet(z.record(z.string(), z.base64()), NOT_READ).optional(),
  immutable: quiet(z.boolean(), NOT_READ).optional(),
  mesh: MeshConfig.optional(),
})
export type ConfigMap = z.infer<typeof ConfigMap>
