import type { Stage } from '../stage.ts'
import { CONTINUE } from '../stage.ts'

/**
 * At an edge: nothing that a stranger wrote into headers of the mesh's own goes on, and the forwarding headers tell what
 * this proxy saw. Hop-by-hop headers belong to the framing and are the driver's.
 */
export const sanitiseEdge: Stage = {
  name: 'sanitise',
  onHead({ request, peer }) {
    request.removePrefix('x-envoy-')
    request.remove('x-forwarded-client-cert')
    request.remove('x-forwarded-host')
    request.remove('x-forwarded-port')
    request.set('x-forwarded-for', peer.address)
    request.set('x-forwarded-proto', request.scheme)
    request.set('x-envoy-external-address', peer.address)
    return CONTINUE
  },
}

/** At a sidecar's inbound side: a caller cannot vouch for its own certificate in a header. */
export const sanitiseInbound: Stage = {
  name: 'sanitise',
  onHead({ request }) {
    request.remove('x-forwarded-client-cert')
    return CONTINUE
  },
}

/** At a sidecar's outbound side: the application's own headers are kept, what the next hop needs is added. */
export const sanitiseOutbound: Stage = {
  name: 'sanitise',
  onHead({ request }) {
    request.remove('x-forwarded-client-cert')
    // Said to this forward proxy alone (RFC 9110 §11.7.1).
    request.remove('proxy-authorization')
    if (request.header('x-forwarded-proto') === undefined) request.set('x-forwarded-proto', request.scheme)
    return CONTINUE
  },
}
