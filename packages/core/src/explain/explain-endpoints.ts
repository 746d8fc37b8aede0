import type { ClusterState } from '../engine/engine.ts'
import { explainAuthorization } from './explain-authorization.ts'
import { explainHop } from './explain-hop.ts'
import { explainSecurity } from './explain-security.ts'
import type { EndpointVerdict } from './question.ts'
import { placeOf, type Reached } from './reached.ts'
import { reasonOf } from './reason.ts'

/** Tells the endpoints of a cluster, how each is spoken to, and whether it lets the caller in. */
export function explainEndpoints(reached: Reached): readonly EndpointVerdict[] {
  const { cluster, reasons } = reached
  reasons.push(reasonOf('endpoints', describeEndpoints(cluster), cluster.cluster.origin))
  if (cluster.endpoints.length > 0) reasons.push(...explainHop(cluster.cluster))
  return cluster.endpoints.map((endpoint) => {
    const security = explainSecurity(reached, endpoint)
    const { authorization, refused } = explainAuthorization(reached, endpoint, security)
    return { endpoint, security, authorization, refused }
  })
}

function describeEndpoints({ cluster, endpoints }: ClusterState): string {
  const { discovery, balance } = cluster
  if (discovery.kind === 'original-dst') return 'the address that the caller asked for'
  if (discovery.kind === 'blackhole') return 'nowhere: the host is not in the registry (502)'
  if (endpoints.length === 0) return `no healthy endpoint in ${cluster.name} (503, UH)`
  return `${endpoints.map(placeOf).join(', ')}, ${balance}`
}
