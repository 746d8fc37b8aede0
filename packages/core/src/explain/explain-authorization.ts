import { normalisePath } from '../call/path/normalise-path.ts'
import { PlainHead, type PlainHeadInit } from '../call/plain-head.ts'
import type { Peer } from '../engine/request.ts'
import type { Endpoint } from '../view/cluster.ts'
import type { FilterChain, HttpFilterChain, Listener } from '../view/listener.ts'
import { spiffeId } from '../view/node.ts'
import type { EndpointVerdict } from './question.ts'
import { placeOf, type Reached } from './reached.ts'
import { reasonOf } from './reason.ts'

type Verdict = Pick<EndpointVerdict, 'authorization' | 'refused'>

/** Asks the inbound chain of an endpoint's proxy whether it takes the connection and lets the request in. */
export function explainAuthorization(reached: Reached, endpoint: Endpoint, security: EndpointVerdict['security']): Verdict {
  const { question, reasons, head } = reached
  const engine = question.destination?.(endpoint)
  const listener = engine?.view.listeners.find((it) => isInboundOf(it, endpoint))
  if (engine === undefined || listener === undefined) return { authorization: 'unknown', refused: false }
  const chain = listener.chains.find((it) => fits(it, security))
  const place = placeOf(endpoint)
  if (chain === undefined) {
    const origin = listener.chains[0]?.origin
    reasons.push(
      reasonOf('tls', `${place} takes ${security === 'plain' ? 'mTLS only (STRICT), plain text is refused' : 'plain text only'}`, origin),
    )
    return { authorization: 'denied', refused: true }
  }
  reasons.push(reasonOf('tls', `${place} takes ${modeOf(listener)}`, chain.origin))
  const decision = engine
    .authorizer(chain.filter)
    .authorize(chain.filter.kind === 'http' ? arriving(head, chain.filter) : undefined, peerAt(reached, endpoint, security))
  const by = decision.policy === undefined ? '' : ` by ${decision.policy.name}`
  const outcome = decision.allowed
    ? `allowed at ${place}${by}`
    : `denied at ${place}: ${decision.policy === undefined ? 'no ALLOW policy matches' : `DENY${by}`} (403)`
  reasons.push(
    reasonOf('authorize', outcome, decision.policy?.origin ?? (decision.allowed ? undefined : decision.filter.policies[0]?.origin)),
  )
  return { authorization: decision.allowed ? 'allowed' : 'denied', refused: false }
}

/** The head as the chain reads it: paths are brought into its form first. */
function arriving(head: PlainHead, filter: HttpFilterChain): PlainHead {
  const path = normalisePath(head.path, filter.pathNormalization) ?? head.path
  return path === head.path ? head : new PlainHead({ ...requestOf(head), path })
}

function requestOf(head: PlainHead): PlainHeadInit {
  const { method, scheme, authority, path } = head
  return { method, scheme, authority, path, headers: head.entries() }
}

function isInboundOf({ direction, port, address }: Listener, endpoint: Endpoint): boolean {
  return direction === 'inbound' && port === endpoint.port && address === endpoint.address
}

function fits({ match }: FilterChain, security: EndpointVerdict['security']): boolean {
  if (match.transport === undefined) return true
  return match.transport === (security === 'plain' ? 'raw' : 'tls')
}

function modeOf({ chains }: Listener): string {
  const tls = chains.some((chain) => chain.tls !== undefined)
  const raw = chains.some((chain) => chain.tls === undefined)
  if (tls && raw) return 'mTLS and plain text (PERMISSIVE)'
  return tls ? 'mTLS only (STRICT)' : 'plain text only'
}

function peerAt({ question, cluster }: Reached, endpoint: Endpoint, security: EndpointVerdict['security']): Peer {
  const { self } = question
  const sni = cluster.cluster.tls?.sni
  return {
    address: self.address,
    port: 0,
    localAddress: endpoint.address,
    localPort: endpoint.port,
    ...(security === 'mtls' ? { principal: spiffeId(self) } : {}),
    ...(security === 'plain' || sni === undefined ? {} : { sni }),
  }
}
