import { z } from '@mesh/core/schema'
import { MAX_REPLICAS } from './limits.ts'
import { probeSchema } from './probe/probe.ts'

const name = z
  .string()
  .regex(
    /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
    'is no name here, which takes lower case letters, digits and dashes (at most 63, no dash at an end)',
  )
const port = z.number().int().min(1).max(65535)
const texts = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String))

const process = z
  .strictObject({
    /** One line for `sh -c`, or the program and its arguments. Absent: a sidecar whose application is started by hand. */
    command: z.union([z.string().min(1), z.array(z.string()).min(1)]).optional(),
    /** Where its service reaches it; the application itself finds a free one in PORT. */
    port: port.optional(),
    replicas: z.number().int().min(0).max(MAX_REPLICAS).default(1),
    namespace: name.default('default'),
    serviceAccount: name.default('default'),
    labels: texts.default({}),
    env: texts.default({}),
    /** `false`: a process outside the mesh; `external`: its place in the mesh is kept for another proxy. */
    sidecar: z.union([z.boolean(), z.literal('external')]).default(true),
    /** Whether it can take requests. Absent: as long as it runs and listens. */
    probe: probeSchema.optional(),
  })
  .refine(({ probe, port }) => probe === undefined || port !== undefined, {
    path: ['probe'],
    message: 'cannot be where no calls are taken',
    params: { fix: 'Write `port` too, or leave it out.' },
  })

const gateway = z.strictObject({
  namespace: name.default('istio-system'),
  /** Where it listens for callers from outside. */
  address: z.ipv4('is no IPv4 address').default('127.0.0.1'),
  replicas: z.literal(1).default(1),
  serviceAccount: name.default('default'),
  labels: texts.default({}),
  /** Path of a page that a person may like to open. */
  page: z.string().startsWith('/', 'is no path that begins with `/`').optional(),
})

/** `mesh.yaml`: the processes of a mesh on one machine. */
export const meshFileSchema = z.strictObject({
  name,
  /** Folder or folders with Istio's and Kubernetes' own YAML. */
  config: z.union([
    z
      .string()
      .min(1)
      .transform((one) => [one]),
    z.array(z.string().min(1)).min(1),
  ]),
  trustDomain: z.string().min(1).default('cluster.local'),
  ca: z.strictObject({ workloadTtlSeconds: z.number().int().min(1).optional() }).default({}),
  gateways: z.record(name, gateway).default({}),
  processes: z.record(name, process).default({}),
})

export type MeshFile = z.output<typeof meshFileSchema>
export type ProcessEntry = MeshFile['processes'][string]
export type GatewayEntry = MeshFile['gateways'][string]
