import { constants } from 'node:os'
import { connError } from '../common/conn-error.ts'
import type { ConnError } from '../port/conn.ts'

/** A system call's negative error as the port tells it. */
export function errorOf(phase: ConnError['phase'], result: number): ConnError {
  const code = codeOf(result)
  return connError(phase, { code, message: `The system says ${code}.` })
}

/** `ECONNRESET` for -104. */
export function codeOf(result: number): string {
  return NAMES.get(-result) ?? `errno ${-result}`
}

const NAMES: ReadonlyMap<number, string> = new Map(Object.entries(constants.errno).map(([name, number]) => [number, name]))
