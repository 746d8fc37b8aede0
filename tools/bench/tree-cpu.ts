import { readdirSync, readFileSync } from 'node:fs'

/** What Linux counts in `/proc/PID/stat`, whatever its own clock. */
const TICKS_PER_SECOND = 100

/** CPU time of a process and all that descend from it, also of children that have ended and were waited for (Linux `stat`). */
export function treeCpuSeconds(root: number): number {
  const all = new Map(readdirSync('/proc').flatMap((name) => entryOf(Number(name))))
  const belongs = (pid: number): boolean => pid === root || (all.has(pid) && belongs(all.get(pid)?.parent ?? 0))
  return [...all].reduce((sum, [pid, { ticks }]) => (belongs(pid) ? sum + ticks : sum), 0) / TICKS_PER_SECOND
}

interface Entry {
  readonly parent: number
  readonly ticks: number
}

/** Empty for what is no process, or none any more. */
function entryOf(pid: number): readonly (readonly [number, Entry])[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name of the program, in parentheses, may hold anything.
    const [, parent, ...rest] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
    const ticks = rest.slice(9, 13).reduce((sum, one) => sum + one, 0)
    return [[pid, { parent: parent ?? 0, ticks }]]
  } catch {
    return []
  }
}
