import { copyFileSync, readdirSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import type { Attempt } from './attempt.ts'
import { LOG_CHECK_MS, MAX_LOG_BYTES } from './limits.ts'

/** Keeps each log file within its bound until the returned function is called. */
export function boundLogs(folder: string, attempt: Attempt): () => void {
  const trim = (): void => void attempt('Logs cannot be kept within their bound', () => trimLogs(folder, MAX_LOG_BYTES))
  const timer = setInterval(trim, LOG_CHECK_MS).unref()
  return () => clearInterval(timer)
}

/** Moves what is too long to `NAME.1`. The writers keep their file: it is emptied in place, for they append. */
export function trimLogs(folder: string, maxBytes: number): void {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    if (!name.endsWith('.log') || statSync(path).size <= maxBytes) continue
    copyFileSync(path, `${path}.1`)
    truncateSync(path)
  }
}
