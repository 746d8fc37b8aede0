import { readFileSync } from 'node:fs'

/** Files for everything but connections of clients and to upstreams: listeners, pages, pilot, logs. */
const RESERVE = 32

/**
 * How many connections clients may have so that each can still reach an upstream (Envoy's advice: at most half of the files
 * that the process may open); undefined where the system does not tell.
 */
export function connectionRoom(limits: string | undefined = readLimits()): number | undefined {
  const soft = /^Max open files\s+(\d+)\s/m.exec(limits ?? '')?.[1]
  return soft === undefined ? undefined : Math.max(1, Math.floor((Number(soft) - RESERVE) / 2))
}

/** Linux tells it in a file. */
function readLimits(): string | undefined {
  try {
    return readFileSync('/proc/self/limits', 'utf8')
  } catch {
    return undefined
  }
}
