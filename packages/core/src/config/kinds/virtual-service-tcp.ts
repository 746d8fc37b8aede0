import { z } from 'zod'
import { Labels, PortNumber } from '../fields/common.ts'
import { RouteDestination, weighted } from '../fields/destination.ts'
import { IpBlock, WildcardHost } from '../fields/host.ts'
import { inert } from '../fields/note.ts'

/** Istio `L4MatchAttributes`. */
const TcpMatch = z.strictObject({
  destinationSubnets: inert(z.array(IpBlock)).optional(),
  port: PortNumber.optional(),
  sourceSubnet: inert(IpBlock).optional(),
  sourceLabels: Labels.optional(),
  gateways: z.array(z.string().min(1)).optional(),
  sourceNamespace: z.string().optional(),
})

/** Istio `TCPRoute`. */
export const TcpRoute = z.strictObject({ match: z.array(TcpMatch).optional(), route: weighted(RouteDestination).optional() })
export type TcpRoute = z.infer<typeof TcpRoute>

const TlsMatch = z.strictObject({
  sniHosts: z.array(WildcardHost).min(1),
  destinationSubnets: inert(z.array(IpBlock)).optional(),
  port: PortNumber.optional(),
  sourceLabels: Labels.optional(),
  gateways: z.array(z.string().min(1)).optional(),
  sourceNamespace: z.string().optional(),
})

/** Istio `TLSRoute`. */
export const TlsRoute = z.strictObject({ match: z.array(TlsMatch).min(1), route: weighted(RouteDestination).optional() })
export type TlsRoute = z.infer<typeof TlsRoute>
