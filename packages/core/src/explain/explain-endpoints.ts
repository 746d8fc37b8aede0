import type { PlainHead } from '../call/plain-head.ts'
import type { Reason } from '../engine/decision.ts'
import type { ClusterState } from '../engine/engine.ts'
import type { Endpoint } from '../view/cluster.ts'
import { explainAuthorization } from './explain-authorization.ts'
import { explainSecurity } from './explain-security.ts'
import type { EndpointVerdict, Question } from './question.ts'
import { reasonOf } from './reason.ts'

export interface Reached {
  readonly question: Question
  readonly cluster: ClusterState
  readonly head: PlainHead
  readonly reasons: Reason[]
}

/** Tells the endpoints of a cluster, how each is spoken to, and whether it lets the caller in. */
export function explainEndpoints(reached: Reached): readonly EndpointVerdict[] {
  const { cluster, reasons } = reached
  reasons.push(reasonOf('endpoints', describeEndpoints(cluster), cluster.cluster.origin))
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

/** `127.64.0.5:9080 (reviews-v1)`. */
export function placeOf({ address, port, workload }: Endpoint): string {
  const host = address.includes(':') ? `[${address}]` : address
  return `${host}:${port}${workload === undefined ? '' : ` (${workload.workload})`}`
}
