/** Counts of one kind of call. */
export interface Tally {
  readonly name: string
  calls: number
  slowestMs: number
  /** What did not answer as it should, and how often. */
  readonly failures: Map<string, number>
}

/** Makes one call after the other, until it is stopped. */
export interface Traffic {
  readonly tally: Tally
  stop(): Promise<void>
}

/** One call; throws what went wrong. */
export type Call = (index: number) => Promise<void>

export interface TrafficOptions {
  readonly name: string
  readonly lanes: number
  /** Calls of one lane per second at most: the load is steady, so that memory can be compared. */
  readonly perSecond: number
  readonly call: Call
  readonly close: () => unknown
}

export function startTraffic({ name, lanes, perSecond, call, close }: TrafficOptions): Traffic {
  const tally: Tally = { name, calls: 0, slowestMs: 0, failures: new Map() }
  let stopped = false
  const lane = async (): Promise<void> => {
    for (let next = performance.now(); !stopped; next += 1000 / perSecond) {
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, next - performance.now())))
      const began = performance.now()
      try {
        await call(tally.calls++)
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error)
        tally.failures.set(why, (tally.failures.get(why) ?? 0) + 1)
      }
      tally.slowestMs = Math.max(tally.slowestMs, performance.now() - began)
    }
  }
  const all = Promise.all(Array.from({ length: lanes }, lane))
  return {
    tally,
    stop: async () => {
      stopped = true
      await all
      await close()
    },
  }
}

export function failed({ failures }: Tally): number {
  return [...failures.values()].reduce((sum, count) => sum + count, 0)
}
