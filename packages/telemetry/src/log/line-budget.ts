/** Answers how many lines of an event were left out since the last one that was not; undefined: leave this one out too. */
export type LineBudget = (event: string) => number | undefined

/** For events that strangers bring about: so many lines of each a second. Events are few: each is remembered. */
export function createLineBudget(linesPerS: number, now: () => number = () => performance.now()): LineBudget {
  const events = new Map<string, { second: number; lines: number; leftOut: number }>()
  return (event) => {
    const second = Math.floor(now() / 1000)
    const known = events.get(event) ?? { second, lines: 0, leftOut: 0 }
    events.set(event, known)
    if (known.second !== second) Object.assign(known, { second, lines: 0 })
    if (known.lines >= linesPerS) return void known.leftOut++
    const { leftOut } = known
    Object.assign(known, { lines: known.lines + 1, leftOut: 0 })
    return leftOut
  }
}
