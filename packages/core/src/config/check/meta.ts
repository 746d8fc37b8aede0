import { z } from 'zod'
import { isDnsName } from '../fields/host.ts'
import { Labels } from '../fields/common.ts'
import type { ObjectMeta } from '../object.ts'

const Any = z.unknown()

/** Kubernetes `ObjectMeta`, with what kubectl exports. */
export const Metadata = z.strictObject({
  name: z.string().refine((name) => isDnsName(name) && name === name.toLowerCase(), {
    error: 'is not the name of an object',
    params: { fix: 'Write lower-case letters, digits, `-` and `.`.' },
  }),
  namespace: z
    .string()
    .regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, { error: 'is not the name of a namespace' })
    .optional(),
  labels: Labels.optional(),
  annotations: Labels.optional(),
  creationTimestamp: z.string().optional(),
  deletionTimestamp: z.string().optional(),
  deletionGracePeriodSeconds: z.int().optional(),
  resourceVersion: z.string().optional(),
  generation: z.int().optional(),
  uid: z.string().optional(),
  generateName: z.string().optional(),
  selfLink: z.string().optional(),
  clusterName: z.string().optional(),
  finalizers: z.array(Any).optional(),
  ownerReferences: z.array(Any).optional(),
  managedFields: z.array(Any).optional(),
})

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

/** What is kept of the metadata: names, labels, annotations, age and version. */
export function objectMeta(meta: z.output<typeof Metadata>, namespaced: boolean): ObjectMeta {
  const { [LAST_APPLIED]: _, ...annotations } = meta.annotations ?? {}
  return {
    name: meta.name,
    namespace: namespaced ? (meta.namespace ?? 'default') : '',
    labels: meta.labels ?? {},
    annotations,
    ...(meta.creationTimestamp === undefined ? {} : { creationTimestamp: meta.creationTimestamp }),
    ...(meta.resourceVersion === undefined ? {} : { resourceVersion: meta.resourceVersion }),
    ...(meta.generation === undefined ? {} : { generation: meta.generation }),
    ...(meta.uid === undefined ? {} : { uid: meta.uid }),
  }
}
