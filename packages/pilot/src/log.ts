/** Takes one event: `event` names it, the fields say the rest. */
export type Log = (level: LogLevel, event: string, fields?: Readonly<Record<string, unknown>>) => void
export type LogLevel = keyof typeof LEVELS

/** One JSON object per event and line, in the shape of pino. */
export function jsonLog(write: (line: string) => void, now: () => number = Date.now): Log {
  return (level, event, fields) => {
    write(`${JSON.stringify({ level: LEVELS[level], time: now(), name: 'mesh-pilot', pid: process.pid, msg: event, ...fields })}\n`)
  }
}

/** What an unknown error says. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

const LEVELS = { info: 30, warn: 40, error: 50 } as const
