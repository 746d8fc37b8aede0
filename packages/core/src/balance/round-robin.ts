import type { Endpoint } from '../view/cluster.ts'
import { BALANCE_LIMITS } from './limits.ts'

export interface RoundRobin {
  next(): Endpoint | undefined
}

/** Turns that several balancers take together. */
export interface Turns {
  /** A whole number, from 0 on: one more than the last one that any of them took. */
  next(): number
}

export interface RoundRobinOptions {
  /** Where it starts, in [0, 1). */
  readonly chance: number
  /** Absent: the turns are its own. */
  readonly turns?: Turns | undefined
}

/** A smooth weighted round robin: each endpoint comes as often as its weight says, spread evenly. */
export function roundRobin(endpoints: readonly Endpoint[], { chance, turns }: RoundRobinOptions): RoundRobin {
  const equal = endpoints.every((endpoint) => endpoint.weight === endpoints[0]?.weight)
  const round = turns === undefined ? undefined : equal ? endpoints : wholeRound(endpoints)
  if (turns !== undefined && round !== undefined) return { next: () => round[turns.next() % round.length] }
  return equal ? plainRing(endpoints, chance) : weightedRing(endpoints, chance)
}

/** Whose turn it is, turn by turn, until all begins again; undefined when that takes too long. */
function wholeRound(endpoints: readonly Endpoint[]): readonly Endpoint[] | undefined {
  const divisor = endpoints.reduce((common, { weight }) => commonDivisor(common, weight), 0)
  const length = endpoints.reduce((sum, { weight }) => sum + weight, 0) / divisor
  if (!(length <= BALANCE_LIMITS.sharedTurns)) return undefined
  const ring = weightedRing(endpoints, 0)
  return Array.from({ length }, () => ring.next()).filter((endpoint) => endpoint !== undefined)
}

function commonDivisor(left: number, right: number): number {
  return right === 0 ? left : commonDivisor(right, left % right)
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
