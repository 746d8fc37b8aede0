import type { Endpoint } from '../../view/cluster.ts'

/** Calls under way by endpoint, for least-request balancing; an endpoint without calls takes no room. */
export class ActiveCalls {
  readonly #counts = new Map<string, number>()

  of(endpoint: Endpoint): number {
    return this.#counts.get(placeOf(endpoint)) ?? 0
  }

  /** Counts a call; what comes back ends it, once. */
  begin(endpoint: Endpoint): () => void {
    const place = placeOf(endpoint)
    this.#counts.set(place, (this.#counts.get(place) ?? 0) + 1)
    let ended = false
    return () => {
      if (ended) return
      ended = true
      const left = (this.#counts.get(place) ?? 1) - 1
      if (left > 0) this.#counts.set(place, left)
      else this.#counts.delete(place)
    }
  }
}

function placeOf({ address, port }: Endpoint): string {
  return `${address} ${port}`
}
