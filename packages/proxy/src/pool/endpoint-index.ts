import type { Endpoint } from '@mesh/core/view'
import type { EndpointPool } from './endpoint-pool.ts'
import type { Spoken } from './spoken.ts'

/** The pools of a cluster by the endpoint values of its view, so that a call finds its pool without making a key. */
export class EndpointIndex {
  readonly #pools: Readonly<Record<Spoken, Map<Endpoint, EndpointPool>>> = {
    'http/1.1': new Map(),
    h2: new Map(),
    auto: new Map(),
    tcp: new Map(),
  }

  find(endpoint: Endpoint, protocol: Spoken): EndpointPool | undefined {
    return this.#pools[protocol].get(endpoint)
  }

  /** `max`: so many of one protocol are kept. */
  keep(endpoint: Endpoint, pool: EndpointPool, max: number): void {
    const pools = this.#pools[pool.protocol]
    if (pools.size >= max) pools.clear()
    pools.set(endpoint, pool)
  }

  /** Calls under way, in whatever they are sent. */
  activeAt(endpoint: Endpoint): number {
    const { 'http/1.1': h1, h2, auto, tcp } = this.#pools
    return activeIn(h1, endpoint) + activeIn(h2, endpoint) + activeIn(auto, endpoint) + activeIn(tcp, endpoint)
  }

  clear(): void {
    for (const pools of Object.values(this.#pools)) pools.clear()
  }
}

function activeIn(pools: ReadonlyMap<Endpoint, EndpointPool>, endpoint: Endpoint): number {
  return pools.size === 0 ? 0 : (pools.get(endpoint)?.active ?? 0)
}
