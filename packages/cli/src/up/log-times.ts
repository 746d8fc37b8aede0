import { appendFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Attempt } from './attempt.ts'
import { writeWhole } from './files.ts'
import { LOG_TIMES_MS, MAX_LOG_TIMES_BYTES } from './limits.ts'

/** Notes beside each application's log (`NAME.app.log.times`) when it had grown how far, until the returned function is called: applications do not say the time. */
export function noteLogTimes(folder: string, attempt: Attempt): () => void {
  const sizes = new Map<string, number>()
  const note = (): void => void attempt('The times of logs cannot be noted', () => noteGrowth(folder, sizes, Date.now()))
  const timer = setInterval(note, LOG_TIMES_MS).unref()
  return () => {
    clearInterval(timer)
    note()
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
    noteSize(`${path}.times`, { size, before, nowMs })
  }
}

/** A log that has become shorter began anew. */
function noteSize(path: string, { size, before, nowMs }: { readonly size: number; readonly before: number; readonly nowMs: number }): void {
  const note = `${size} ${nowMs}\n`
  if (size < before) return writeFileSync(path, size === 0 ? '' : note, { mode: 0o600 })
  appendFileSync(path, note, { mode: 0o600 })
  if (statSync(path).size > MAX_LOG_TIMES_BYTES) thinOut(path)
}

/** Keeps every second note, so that of what is long past the time is known less exactly. */
function thinOut(path: string): void {
  const notes = readFileSync(path, 'utf8').trimEnd().split('\n')
  writeWhole(
    path,
    notes
      .filter((_, index) => (notes.length - index) % 2 === 1)
      .map((note) => `${note}\n`)
      .join(''),
  )
}
