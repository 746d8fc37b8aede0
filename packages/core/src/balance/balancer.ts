import type { ClusterState } from '../engine/engine.ts'
import type { Endpoint } from '../view/cluster.ts'
import { roundRobin, type RoundRobin, type Turns } from './round-robin.ts'
import { chooseWeighted } from '../engine/choose-cluster.ts'

/** Chooses endpoints by the rule of their cluster. */
export interface Balancer {
  /**
   * An endpoint of the cluster, undefined when there is none. With `avoidTriedPicks` above 0 it is none of those tried while
   * there is another: by so many more picks, then by choice among the others.
   */
  pick(state: ClusterState, tried: readonly Endpoint[], avoidTriedPicks?: number): Endpoint | undefined
}

export interface BalancerOptions {
  /** Uniform in [0, 1). */
  readonly chance: () => number
  /** Calls under way to an endpoint; 0 where nobody counts. */
  readonly activeOf?: (state: ClusterState, endpoint: Endpoint) => number
  /** Those of a cluster's endpoints that are not ejected, the same list until that changes; asked where the cluster has outlier detection. */
  readonly availableOf?: (state: ClusterState) => readonly Endpoint[]
  /** The turns of a cluster's round robin, where other balancers take them, too. */
  readonly turnsOf?: (state: ClusterState) => Turns | undefined
}

/** Picks again to avoid an endpoint that was tried, where the caller says nothing (Istio's `previous_hosts` with 5 attempts). */
const AVOID_TRIED_PICKS = 5

/** A balancer; its round robin goes on where it was as long as the cluster's endpoints stay the same. */
export function createBalancer(options: BalancerOptions): Balancer {
  const { availableOf = ({ endpoints }) => endpoints } = options
  const rings = new WeakMap<readonly Endpoint[], RoundRobin>()
  const pickOne = (state: ClusterState, endpoints: readonly Endpoint[]): Endpoint | undefined => {
    const { cluster } = state
    if (endpoints.length < 2) return endpoints[0]
    if (cluster.balance === 'random') return chooseWeighted(endpoints, options.chance())
    if (cluster.balance === 'least-request') return leastRequest(state, endpoints, options)
    let ring = rings.get(endpoints)
    if (ring === undefined)
      rings.set(endpoints, (ring = roundRobin(endpoints, { chance: options.chance(), turns: options.turnsOf?.(state) })))
    return ring.next()
  }
  return {
    pick(state, tried, avoidTriedPicks = AVOID_TRIED_PICKS) {
      const endpoints = state.cluster.outlierDetection === undefined ? state.endpoints : availableOf(state)
      let picked = pickOne(state, endpoints)
      if (tried.length === 0 || avoidTriedPicks === 0) return picked
      for (let again = 0; again < avoidTriedPicks && picked !== undefined && isTried(tried, picked); again++)
        picked = pickOne(state, endpoints)
      if (picked === undefined || !isTried(tried, picked)) return picked
      return (
        chooseWeighted(
          endpoints.filter((endpoint) => !isTried(tried, endpoint)),
          options.chance(),
        ) ?? picked
      )
    },
  }
}

/** Two weighted choices; the one with fewer calls for its weight wins. */
function leastRequest(state: ClusterState, endpoints: readonly Endpoint[], { chance, activeOf }: BalancerOptions): Endpoint | undefined {
  const first = chooseWeighted(endpoints, chance())
  const second = chooseWeighted(endpoints, chance())
  if (first === undefined || second === undefined || activeOf === undefined) return first
  return activeOf(state, second) / second.weight < activeOf(state, first) / first.weight ? second : first
}

function isTried(tried: readonly Endpoint[], picked: Endpoint): boolean {
  for (const endpoint of tried)
    if (endpoint === picked || (endpoint.address === picked.address && endpoint.port === picked.port)) return true
  return false
}
