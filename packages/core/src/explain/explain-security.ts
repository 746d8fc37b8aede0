import type { Endpoint } from '../view/cluster.ts'
import type { EndpointVerdict } from './question.ts'
import { placeOf, type Reached } from './reached.ts'
import { reasonOf } from './reason.ts'

/** Tells how the sending proxy speaks to an endpoint, and who decided that. */
export function explainSecurity({ question, cluster, reasons }: Reached, endpoint: Endpoint): EndpointVerdict['security'] {
  const { tls, origin } = cluster.cluster
  const place = placeOf(endpoint)
  if (tls === undefined) {
    reasons.push(reasonOf('tls', `plain text to ${place}`, origin))
    return 'plain'
  }
  if (tls.mode === 'simple') {
    reasons.push(reasonOf('tls', `TLS to ${place} as ${tls.sni}`, origin))
    return 'tls'
  }
  if (tls.mode === 'mutual') {
    reasons.push(reasonOf('tls', `mTLS to ${place}, as a rule demands`, origin))
    return 'mtls'
  }
  const able = endpoint.tls === 'istio' && question.self.identity
  const why = able ? 'mTLS' : endpoint.tls === 'istio' ? 'plain text (no identity here)' : 'plain text (no mTLS is offered there)'
  reasons.push(reasonOf('tls', `${why} to ${place}, automatically`))
  return able ? 'mtls' : 'plain'
}
