import { createBalancer } from '../../balance/balancer.ts'
import type { Mesh } from '../../mesh/mesh.ts'
import { ActiveCalls } from './active-calls.ts'
import { ClusterCalls } from './cluster-calls.ts'
import { driveCall, type Driver } from './drive-call.ts'
import { plainInit, readRequest, type FetchRequest } from './fetch-request.ts'
import { hostEnv } from './host-env.ts'
import { redirected } from './redirect.ts'
import { fetchTransport, type Transport } from './transport.ts'

/** The host's `fetch`, or one like it. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>

export interface MeshFetchOptions {
  /** For hosts outside the mesh, and to send with; default: the global one. */
  readonly fetch?: Fetch
  /** How a try reaches its endpoint; default: by `fetch`. */
  readonly transport?: Transport
  /** Uniform in [0, 1); default: `Math.random`. */
  readonly chance?: () => number
}

/** Redirects that are followed before fetch gives up (Fetch §4.4). */
const MAX_REDIRECTS = 20

/**
 * A `fetch` that takes the routes of a mesh: splits, retries, timeouts, outlier ejection, faults and header rules. Hosts outside the mesh behave
 * as with the host's own fetch, unless the mesh refuses them.
 */
export function meshFetch(mesh: Mesh, options: MeshFetchOptions = {}): Fetch {
  const fetch: Fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init))
  const chance = options.chance ?? Math.random
  const active = new ActiveCalls()
  const calls = new ClusterCalls()
  const balancer = createBalancer({
    chance,
    activeOf: (_state, endpoint) => active.of(endpoint),
    availableOf: ({ cluster, endpoints }) => mesh.outbound.outliers.of(cluster.name)?.available(endpoints) ?? endpoints,
  })
  const env = { ...hostEnv(balancer, chance), retrySlots: calls }
  const driver: Driver = { mesh, active, calls, env, transport: options.transport ?? fetchTransport(fetch) }
  return (input, init) => follow(driver, fetch, input, init)
}

async function follow(driver: Driver, fetch: Fetch, input: string | URL | Request, init: RequestInit | undefined): Promise<Response> {
  if (driver.mesh.closed) throw new TypeError('The mesh is closed.')
  let request: FetchRequest = readRequest(input, init)
  if (!/^https?:$/.test(request.url.protocol)) return fetch(input, init)
  for (let count = 0; count <= MAX_REDIRECTS; count++) {
    const outcome = await driveCall(driver, request, count > 0)
    if (outcome.kind === 'outside') return count === 0 ? fetch(input, init) : fetch(request.url, plainInit(request))
    const next = request.redirect === 'manual' ? undefined : redirected(request, outcome.response)
    if (next === undefined) return outcome.response
    await outcome.response.body?.cancel()
    if (request.redirect === 'error') throw new TypeError('unexpected redirect')
    if (!next.replayable && next.body !== null) throw new TypeError('the body of a redirected request cannot be sent again')
    request = next
  }
  throw new TypeError('redirect count exceeded')
}
