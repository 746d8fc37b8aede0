import { z } from 'zod'
import { Labels, PortNumber } from '../fields/common.ts'
import { foreign, noting, otherwise, quiet } from '../fields/note.ts'

const Texts = z.array(z.string())

const FILLED_IN = 'Kubernetes fills it in; nothing here depends on it.'
const NOT_OPENED = 'No port of a machine is opened for it; the mesh itself calls it as any other service.'

/** What only a cluster can open needs no finding: exports are full of it. */
const Type = noting(z.enum(['ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName']), (type) =>
  type === 'NodePort' || type === 'LoadBalancer' ? { code: 'MESH0102', message: NOT_OPENED, quiet: true } : undefined,
)

/** Kubernetes `ServicePort`; `targetPort` is a number or the name of a container port. */
export const ServicePort = z.strictObject({
  name: z.string().optional(),
  port: PortNumber,
  targetPort: z.union([PortNumber, z.string().min(1)], { error: 'is neither a port number nor the name of a port' }).optional(),
  protocol: otherwise(z.enum(['TCP', 'UDP', 'SCTP']), 'TCP').optional(),
  appProtocol: z.string().optional(),
  nodePort: quiet(z.int().min(0).max(65_535), NOT_OPENED).optional(),
})
export type ServicePort = z.infer<typeof ServicePort>

/** Kubernetes `v1.Service`. */
export const Service = z.strictObject({
  selector: Labels.optional(),
  ports: z
    .array(ServicePort)
    .superRefine((ports, context) => {
      for (const [index, port] of ports.entries()) {
        if (ports.length > 1 && (port.name ?? '') === '') {
          context.addIssue({
            code: 'custom',
            path: [index],
            message: 'needs a name, since there are several ports',
            params: { fix: 'Write like `name: http-web`.' },
          })
        }
        const twin = ports.findIndex((other) => other.port === port.port && (other.protocol ?? 'TCP') === (port.protocol ?? 'TCP'))
        if (twin < index) context.addIssue({ code: 'custom', path: [index, 'port'], message: 'is the number of an earlier port' })
      }
    })

    .optional(),
  type: otherwise(Type, 'ClusterIP').optional(),
  externalName: z.string().optional(),
  clusterIP: z.string().optional(),
  clusterIPs: Texts.optional(),
  ipFamilies: quiet(Texts, FILLED_IN).optional(),
  ipFamilyPolicy: quiet(z.string(), FILLED_IN).optional(),
  sessionAffinity: foreign(z.string(), ['None']).optional(),
  sessionAffinityConfig: foreign(z.record(z.string(), z.unknown())).optional(),
  externalIPs: foreign(Texts).optional(),
  externalTrafficPolicy: foreign(z.string(), ['Cluster', '']).optional(),
  internalTrafficPolicy: foreign(z.string(), ['Cluster', '']).optional(),
  trafficDistribution: foreign(z.string()).optional(),
  publishNotReadyAddresses: foreign(z.boolean(), [false]).optional(),
  loadBalancerIP: foreign(z.string(), ['']).optional(),
  loadBalancerClass: foreign(z.string()).optional(),
  loadBalancerSourceRanges: foreign(Texts).optional(),
  allocateLoadBalancerNodePorts: quiet(z.boolean(), NOT_OPENED).optional(),
  healthCheckNodePort: quiet(z.int(), NOT_OPENED).optional(),
})
export type Service = z.infer<typeof Service>
