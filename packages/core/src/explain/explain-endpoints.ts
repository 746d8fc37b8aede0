import type { ClusterState } from '../engine/engine.ts'
import { takersOf } from '../outlier/takers.ts'
import type { Endpoint } from '../view/cluster.ts'
import { explainAuthorization } from './explain-authorization.ts'
import { explainHop } from './explain-hop.ts'
import { explainSecurity } from './explain-security.ts'
import type { EndpointVerdict } from './question.ts'
import { placeOf, type Reached } from './reached.ts'
import { reasonOf } from './reason.ts'

/** Tells the endpoints of a cluster that may take the call, how each is spoken to, and whether it lets the caller in. */
export function explainEndpoints(reached: Reached): readonly EndpointVerdict[] {
  const { cluster, reasons } = reached
  const endpoints = explainEjections(reached)
  reasons.push(reasonOf('endpoints', describeEndpoints(cluster, endpoints), cluster.cluster.origin))
  if (cluster.endpoints.length > 0) reasons.push(...explainHop(cluster.cluster))
  return endpoints.map((endpoint) => {
    const security = explainSecurity(reached, endpoint)
    const { authorization, refused } = explainAuthorization(reached, endpoint, security)
    return { endpoint, security, authorization, refused }
  })
}

/** Names the endpoints that are ejected; answers those that take calls. */
function explainEjections({ question, cluster: { cluster, endpoints }, reasons }: Reached): readonly Endpoint[] {
  const { outlierDetection } = cluster
  if (outlierDetection === undefined || question.ejected === undefined) return endpoints
  const isEjected = (endpoint: Endpoint): boolean => question.ejected?.(cluster.name, endpoint) === true
  const takers = takersOf(endpoints, isEjected, outlierDetection.minHealthPercent)
  const gone = endpoints.filter(isEjected)
  if (gone.length === 0) return endpoints
  const panic = takers.length < endpoints.length ? '' : `; fewer than ${outlierDetection.minHealthPercent} % are left, so all take calls`
  reasons.push(reasonOf('endpoints', `${gone.map(placeOf).join(', ')} ejected by outlier detection${panic}`, cluster.origin))
  return takers
}

function describeEndpoints({ cluster, endpoints: all }: ClusterState, endpoints: readonly Endpoint[]): string {
  const { discovery, balance } = cluster
  if (discovery.kind === 'original-dst') return 'the address that the caller asked for'
  if (discovery.kind === 'blackhole') return 'nowhere: the host is not in the registry (502)'
  if (all.length === 0) return `no healthy endpoint in ${cluster.name} (503, UH)`
  if (endpoints.length === 0) return `no endpoint left in ${cluster.name} (503, UH)`
  return `${endpoints.map(placeOf).join(', ')}, ${balance}`
}
