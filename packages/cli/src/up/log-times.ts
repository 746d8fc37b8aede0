import { appendFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { LOG_TIMES_MS } from './limits.ts'

/** Notes beside each application's log (`NAME.app.log.times`) when it had grown how far, until the returned function is called: applications do not say the time. */
export function noteLogTimes(folder: string): () => void {
  const sizes = new Map<string, number>()
  const timer = setInterval(() => noteGrowth(folder, sizes, Date.now()), LOG_TIMES_MS).unref()
  return () => {
    clearInterval(timer)
    noteGrowth(folder, sizes, Date.now())
  }
}

/** One look at all logs; `sizes` is what the look before saw. */
export function noteGrowth(folder: string, sizes: Map<string, number>, nowMs: number): void {
  for (const name of readdirSync(folder)) {
    if (!name.endsWith('.app.log')) continue
    const path = join(folder, name)
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
    const before = sizes.get(name) ?? 0
    if (size === before) continue
    sizes.set(name, size)
    const note = `${size} ${nowMs}\n`
    // A log that has become shorter began anew.
    if (size < before) writeFileSync(`${path}.times`, size === 0 ? '' : note, { mode: 0o600 })
    else appendFileSync(`${path}.times`, note, { mode: 0o600 })
  }
}
