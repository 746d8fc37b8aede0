import { hopFromEnd } from '../../engine/authz/remote-address.ts'
import { parseIp } from '../../engine/match/ip.ts'
import type { Call } from '../call.ts'
import type { Stage } from '../stage.ts'
import { CONTINUE } from '../stage.ts'

/**
 * At an edge: nothing that a stranger wrote into headers of the mesh's own goes on, and the forwarding headers tell what this proxy
 * saw, behind what trusted proxies in front of it saw. Hop-by-hop headers belong to the framing and are the driver's.
 */
export const sanitiseEdge: Stage = {
  name: 'sanitise',
  onHead(call) {
    const { request } = call
    const proxied = (call.plan.filter.forwarded?.hops ?? 0) > 0
    request.removePrefix('x-envoy-')
    request.remove('x-forwarded-client-cert')
    request.remove('x-forwarded-host')
    request.remove('x-forwarded-port')
    tellOrigin(call)
    if (!proxied || !SCHEMES.has(request.header('x-forwarded-proto'))) request.set('x-forwarded-proto', request.scheme)
    return CONTINUE
  },
}

const SCHEMES: ReadonlySet<string | undefined> = new Set(['http', 'https'])

/** Says for whom the request is made: the peer, or whom the proxies in front name that the mesh trusts. */
function tellOrigin({ plan, peer, request }: Call): void {
  const hops = plan.filter.forwarded?.hops ?? 0
  const received = hops > 0 ? request.header('x-forwarded-for') : undefined
  const chain = received === undefined ? peer.address : `${received}, ${peer.address}`
  const client = hopFromEnd(chain, hops)
  request.set('x-forwarded-for', chain)
  request.set('x-envoy-external-address', parseIp(client) === undefined ? peer.address : client)
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
