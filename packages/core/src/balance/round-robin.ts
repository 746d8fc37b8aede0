import type { Endpoint } from '../view/cluster.ts'

export interface RoundRobin {
  next(): Endpoint | undefined
}

/** A smooth weighted round robin: each endpoint comes as often as its weight says, spread evenly. `chance` says where it starts. */
export function roundRobin(endpoints: readonly Endpoint[], chance: number): RoundRobin {
  const equal = endpoints.every((endpoint) => endpoint.weight === endpoints[0]?.weight)
  return equal ? plainRing(endpoints, chance) : weightedRing(endpoints, chance)
}

function plainRing(endpoints: readonly Endpoint[], chance: number): RoundRobin {
  let at = Math.floor(chance * endpoints.length)
  return {
    next() {
      if (at >= endpoints.length) at = 0
      return endpoints[at++]
    },
  }
}

/** Each turn every endpoint gains its weight; the richest one is taken and pays the sum of all. */
function weightedRing(endpoints: readonly Endpoint[], chance: number): RoundRobin {
  const total = endpoints.reduce((sum, endpoint) => sum + endpoint.weight, 0)
  const credits = endpoints.map(() => 0)
  const next = (): Endpoint | undefined => {
    let best = 0
    for (let index = 0; index < endpoints.length; index++) {
      credits[index] = (credits[index] ?? 0) + (endpoints[index]?.weight ?? 0)
      if ((credits[index] ?? 0) > (credits[best] ?? 0)) best = index
    }
    credits[best] = (credits[best] ?? 0) - total
    return endpoints[best]
  }
  for (let skip = Math.floor(chance * endpoints.length); skip > 0; skip--) next()
  return { next }
}
