import type { LogLine } from './read-log.ts'

export interface LineChoice {
  /** Unix milliseconds; older lines are left out. */
  readonly sinceMs: number | undefined
  /** Of each log, so many lines at most. */
  readonly tail: number | undefined
}

/** The chosen lines of several logs in the order in which they were written. */
export function mergeLines(logs: readonly (readonly LogLine[])[], { sinceMs, tail }: LineChoice): readonly LogLine[] {
  return logs
    .flatMap((lines) => {
      const young = sinceMs === undefined ? lines : lines.filter(({ atMs }) => atMs >= sinceMs)
      return tail === undefined ? young : young.slice(Math.max(0, young.length - tail))
    })
    .toSorted((one, other) => one.atMs - other.atMs)
}
