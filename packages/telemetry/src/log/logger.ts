import { destination, pino, stdTimeFunctions, type Logger } from 'pino'

export type { Logger } from 'pino'

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

export interface LoggerOptions {
  /** Which process speaks: `mesh-proxy`. */
  readonly name: string
  readonly level?: string
  /** Stderr when absent. */
  readonly fd?: number
}

/** A logger that writes one JSON line per event; it lives on when its reader is gone. */
export function createLogger({ name, level = 'info', fd = 2 }: LoggerOptions): Logger {
  const out = destination({ fd, sync: true })
  out.on('error', ignore)
  return pino(
    { level, base: { name, pid: process.pid }, timestamp: stdTimeFunctions.isoTime, formatters: { level: (label) => ({ level: label }) } },
    out,
  )
}

/** A line that nobody can read any more is lost; the process it tells of is not. */
function ignore(): void {}
