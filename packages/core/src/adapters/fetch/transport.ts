import type { Endpoint } from '../../view/cluster.ts'
import type { Fetch } from './mesh-fetch.ts'

/** One try of a call, as a transport sends it. */
export interface TransportTry {
  /** With the authority that the upstream shall see. */
  readonly url: URL
  readonly endpoint: Endpoint
  /** Redirects are never followed here. */
  readonly init: RequestInit
}

/** Sends a try to its endpoint. */
export type Transport = (attempt: TransportTry) => Promise<Response>

/**
 * Sends by the host's own fetch: the endpoint's address stands in the URL, and the `host` header names the service where the
 * host lets it pass (browsers and Node's own fetch replace it; `@mesh/core/undici` keeps it).
 */
export function fetchTransport(fetch: Fetch): Transport {
  return ({ url, endpoint, init }) => {
    const target = new URL(url)
    const headers = new Headers(init.headers)
    headers.set('host', url.host)
    if (target.protocol === 'http:') {
      target.hostname = endpoint.address.includes(':') ? `[${endpoint.address}]` : endpoint.address
      target.port = String(endpoint.port)
    } else target.port = String(endpoint.port)
    return fetch(target, { ...init, headers })
  }
}
