import { z } from 'zod'
import { ExportTo, WildcardHost } from '../fields/host.ts'
import { noting, otherwise } from '../fields/note.ts'
import { boundRegexes } from '../fields/regex-total.ts'
import { HttpRoute } from './virtual-service-http.ts'
import { TcpRoute, TlsRoute } from './virtual-service-tcp.ts'

const Spec = z
  .strictObject({
    hosts: z.array(WildcardHost).optional(),
    gateways: otherwise(z.array(z.string().min(1)), ['mesh']).optional(),
    http: z.array(HttpRoute).optional(),
    tls: z.array(TlsRoute).optional(),
    tcp: z.array(TcpRoute).optional(),
    exportTo: z.array(ExportTo).optional(),
  })
  .superRefine((spec, context) => {
    const own = (['gateways', 'tls', 'tcp'] as const).find((field) => isFilled(spec[field]))
    if (!isFilled(spec.hosts) && own !== undefined) {
      context.addIssue({
        code: 'custom',
        path: ['hosts'],
        message: `must name at least one host, since there are \`${own}\``,
        params: { fix: 'Write the service, like `hosts: [reviews]`.' },
      })
    }
    const twice = (spec.hosts ?? []).findIndex((host, index, all) => all.indexOf(host) !== index)
    if (twice >= 0) context.addIssue({ code: 'custom', path: ['hosts', twice], message: 'names a host a second time' })
    if (![spec.http, spec.tcp, spec.tls].some(isFilled)) {
      context.addIssue({
        code: 'custom',
        path: [],
        message: 'has no routes',
        params: { fix: 'Write at least one route below `http`, `tcp` or `tls`.' },
      })
    }
  })
  .superRefine((spec, context) => boundRegexes(spec.http, context))

/** Istio `networking.v1.VirtualService`: how requests to a host are routed; without hosts, what another one delegates to. */
export const VirtualService = noting(Spec, (spec) =>
  isFilled(spec.hosts)
    ? undefined
    : {
        code: 'MESH0101',
        path: ['hosts'],
        message: 'A VirtualService without `hosts` is reached only by delegation, which has no effect yet.',
        fix: 'Write the service, like `hosts: [reviews]`.',
      },
)
export type VirtualService = z.infer<typeof VirtualService>

function isFilled(list: readonly unknown[] | undefined): boolean {
  return list !== undefined && list.length > 0
}
