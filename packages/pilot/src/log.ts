import { createLogger } from '@mesh/telemetry'

/** Takes one event: `event` names it, the fields say the rest. */
export type Log = (level: LogLevel, event: string, fields?: Readonly<Record<string, unknown>>) => void
export type LogLevel = 'info' | 'warn' | 'error'

/** One JSON line per event on standard error. */
export function processLog(level?: string): Log {
  const logger = createLogger({ name: 'mesh-pilot', ...(level === undefined ? {} : { level }) })
  return (of, event, fields) => logger[of]({ ...fields }, event)
}

/** What an unknown error says. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
