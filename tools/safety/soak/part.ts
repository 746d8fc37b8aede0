import { renameSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { TrafficOptions } from './traffic.ts'

/** What is under load, and whose processes are measured. */
export interface Part {
  readonly processes: readonly Watched[]
  readonly callers: readonly TrafficOptions[]
  /** Changes its configuration. */
  change(turn: number): void
  /** Ends it; answers what is to be complained of. */
  stop(): Promise<readonly string[]>
}

export interface Watched {
  readonly name: string
  readonly pid: number
}

/** A file is there whole, or not at all. */
export function replaceFile(path: string, text: string): void {
  const unfinished = join(dirname(path), `.${basename(path)}`)
  writeFileSync(unfinished, text)
  renameSync(unfinished, path)
}

/** What a proxy itself calls an error. */
export function errorsOf(log: string): readonly string[] {
  const lines = log.split('\n').filter((line) => /"level":"?(error|fatal|50|60)/.test(line))
  return [...new Set(lines.map((line) => `log: ${/"msg":"[^"]*"/.exec(line)?.[0] ?? line}`))]
}
