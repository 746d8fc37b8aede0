import type { Reason } from '../engine/decision.ts'
import type { Cluster } from '../view/cluster.ts'
import { reasonOf } from './reason.ts'

/** Tells which HTTP two proxies speak between them, and why; nothing where the mesh has no say in it. */
export function explainHop(cluster: Cluster): readonly Reason[] {
  const { protocol, tls, origin } = cluster
  if (protocol === 'tcp' || tls === undefined || tls.mode === 'simple') return []
  return [reasonOf('tls', `between the proxies: ${protocol === 'http/1.1' ? byHttp1(cluster) : WORDS[protocol]}`, origin)]
}

const WORDS = {
  auto: 'HTTP/2 on shared connections where both are of this mesh, else HTTP/1.1',
  h2: 'HTTP/2 on shared connections',
  downstream: 'the version of HTTP that the caller speaks',
} as const

/** The bounds that keep calls off a shared connection; without one of them a rule, or the mesh, says so. */
function byHttp1(cluster: Cluster): string {
  const bounds = Object.entries(BOUNDS).flatMap(([name, word]) => (cluster[name as keyof typeof BOUNDS] === undefined ? [] : [word]))
  return bounds.length === 0 ? 'HTTP/1.1' : `HTTP/1.1, since ${bounds.join(' and ')} would mean something else on shared connections`
}

/** Of a cluster, by Istio's names. */
const BOUNDS = {
  maxConnections: '`maxConnections`',
  maxPendingRequests: '`http1MaxPendingRequests`',
  maxRequestsPerConnection: '`maxRequestsPerConnection`',
} as const
