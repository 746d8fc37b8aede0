import { paint } from '../output/print.ts'
import { safeLines } from '../output/terminal-safe.ts'
import type { DescribedService } from './describe-service.ts'
import { by, routeLine, section } from './description-text.ts'

/** A service's description for people: its ports with who answers there, and what leads to it. */
export function serviceText({ service, host, seenBy, snapshot, ports, subsets, routes, ingress }: DescribedService): string {
  const named = service === host ? '' : ` (${host})`
  return safeLines([
    `${paint('bold', service)}${named} as ${seenBy} sees it, snapshot ${snapshot}`,
    ...ports.flatMap(portLines),
    ...section(
      'Subsets',
      subsets.map((one) => `${one.subset} of port ${one.port}: ${one.healthy}/${one.endpoints} healthy${by(one.by)}`),
    ),
    ...section('Routes to it', routes.length === 0 ? ['no VirtualService: calls go to any healthy endpoint'] : routes.map(routeLine)),
    ...section('Ingress', ingress.length === 0 ? ['not reached from any gateway'] : ingress.map(routeLine)),
  ])
}

function portLines({ port, protocol, endpoints }: DescribedService['ports'][number]): readonly string[] {
  const lines = endpoints.map(
    ({ workload, address, healthy }) =>
      `${workload === undefined ? '' : `${workload} `}${address} ${healthy ? paint('green', 'healthy') : paint('red', 'unhealthy')}`,
  )
  return section(`Port ${port} ${protocol}`, lines.length === 0 ? [paint('red', 'no endpoint: every call fails')] : lines)
}
