/** Chance that comes again: the same seed gives the same numbers. */
export interface Random {
  /** From 0 to `below` - 1. */
  whole(below: number): number
  pick<T>(list: readonly T[]): T
  /** True once in `times`. */
  once(times: number): boolean
}

/** Numbers from two seeds, of a run and of a case within it (mulberry32). */
export function seeded(run: number, at = 0): Random {
  let state = (Math.imul(run, 0x9e3779b1) ^ Math.imul(at + 1, 0x85ebca6b)) | 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  const whole = (below: number): number => Math.floor((next() / 2 ** 32) * below)
  return {
    whole,
    pick: <T>(list: readonly T[]): T => {
      if (list.length === 0) throw new Error('there is nothing to pick from')
      return list[whole(list.length)] as T
    },
    once: (times) => whole(times) === 0,
  }
}
