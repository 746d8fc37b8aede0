import { z } from 'zod'
import { ExportTo, WildcardHost } from '../fields/host.ts'
import { HttpRoute } from './virtual-service-http.ts'
import { TcpRoute, TlsRoute } from './virtual-service-tcp.ts'

/** Istio `networking.v1.VirtualService`: how requests to a host are routed. */
export const VirtualService = z
  .strictObject({
    hosts: z.array(WildcardHost).optional(),
    gateways: z.array(z.string().min(1)).optional(),
    http: z.array(HttpRoute).optional(),
    tls: z.array(TlsRoute).optional(),
    tcp: z.array(TcpRoute).optional(),
    exportTo: z.array(ExportTo).optional(),
  })
  .superRefine((spec, context) => {
    if ((spec.hosts ?? []).length === 0) {
      context.addIssue({
        code: 'custom',
        path: ['hosts'],
        message: 'must name at least one host',
        params: { fix: 'Write the service, like `hosts: [reviews]`.' },
      })
    }
    const twice = (spec.hosts ?? []).findIndex((host, index, all) => all.indexOf(host) !== index)
    if (twice >= 0) context.addIssue({ code: 'custom', path: ['hosts', twice], message: 'names a host a second time' })
    if ([spec.http, spec.tcp, spec.tls].every((routes) => (routes ?? []).length === 0)) {
      context.addIssue({
        code: 'custom',
        path: [],
        message: 'has no routes',
        params: { fix: 'Write at least one route below `http`, `tcp` or `tls`.' },
      })
    }
  })
export type VirtualService = z.infer<typeof VirtualService>
