import { lastWords } from './last-words.ts'
import type { Supervisor } from './supervisor.ts'

/** Why a process is not ready, and where its log is: `127.0.0.1:8080 is taken (/shop/.mesh/logs/ingress-0.proxy.log)`. */
export function whyNot(process: string, supervisor: Supervisor): string {
  const log = supervisor.processState(process)?.log
  return `${reasonOf(process, supervisor)}${log === undefined ? '' : ` (${log})`}`
}

function reasonOf(process: string, supervisor: Supervisor): string {
  const health = supervisor.health.of(process.slice(0, process.lastIndexOf('.')))
  const ended = howItEnded(process, supervisor)
  if (process.endsWith('.proxy')) return health?.proxyFailure ?? ended ?? 'it has no configuration yet'
  if (process.endsWith('.app')) return ended ?? health?.failure ?? 'it does not listen'
  return ended ?? 'it does not answer'
}

/** How a process ended last and what it said at last: `ended with code 1: TypeError: x`; undefined when it never did. */
export function howItEnded(process: string, supervisor: Supervisor): string | undefined {
  const state = supervisor.processState(process)
  if (state?.lastEnd === undefined) return undefined
  const words = lastWords(state.log)
  return words === undefined ? state.lastEnd : `${state.lastEnd}: ${words}`
}
