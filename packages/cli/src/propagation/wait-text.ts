import { EXIT, type ExitCode } from '../output/exit-code.ts'
import { paint } from '../output/print.ts'
import { terminalSafe } from '../output/terminal-safe.ts'
import type { Propagation } from './propagation.ts'
import type { Waited } from './wait-for.ts'

/** How a wait ended, in one line: `10/10 proxies on 9c41d0e2a7b3 in 0.2 s`. */
export function waitLine({ kind, last, tookMs, silent }: Waited): string {
  const time = `${(tookMs / 1000).toFixed(1)} s`
  if (kind === 'given up') return paint('yellow', `the wait was given up after ${time}: ${reached(last)}; the change stays`)
  if (silent !== undefined) return paint('red', `pilot has not answered for ${time}`)
  if (last === undefined || !last.taken) return paint('red', `not in force after ${time}`)
  if (last.concerned === 0) return `concerns no proxy, on ${last.snapshot}`
  const fact = `${proxies(last)} on ${last.snapshot}`
  return kind === 'served' ? paint('green', `${fact} in ${time}`) : paint('red', `${fact} after ${time}`)
}

function reached(last: Propagation | undefined): string {
  if (last === undefined) return 'pilot had not answered'
  return last.taken ? `${proxies(last)} on ${last.snapshot}` : 'pilot had not taken it'
}

function proxies({ serving, concerned }: Propagation): string {
  return `${serving}/${concerned} ${concerned === 1 ? 'proxy' : 'proxies'}`
}

/** Who does not serve and why, one line each, below the line of the wait. */
export function waitDetails({ last, left, silent }: Waited): readonly string[] {
  const behind = (last?.proxies ?? []).filter(({ state }) => state !== 'serving')
  return [
    ...(silent === undefined ? [] : [`  ${silent} What was written comes into force when pilot is back.`]),
    ...problemsOf(last),
    ...behind.map(({ name, namespace, state, reason = '' }) => `  ${state.padEnd(8)} ${name}.${namespace}  ${terminalSafe(reason)}`),
    ...hidden(last),
    ...left.map((name) => `  left     ${name}  it went away before it served this, and is not in the mesh any more`),
  ]
}

/** What a wait means for the exit code. */
export function waitCode({ kind, silent }: Waited): ExitCode {
  if (kind === 'served') return EXIT.ok
  if (kind === 'given up') return EXIT.interrupted
  return silent === undefined ? EXIT.negative : EXIT.unreachable
}

/** Proxies that pilot counts and does not name. */
function hidden(last: Propagation | undefined): readonly string[] {
  const more = last === undefined ? 0 : last.concerned - last.serving - last.proxies.filter(({ state }) => state !== 'serving').length
  return more > 0 ? [`  and ${more} more`] : []
}

function problemsOf(last: Propagation | undefined): readonly string[] {
  return (last?.objects ?? []).flatMap(({ want, taken, problem }) => {
    if (taken) return []
    const name = want.slice(0, want.indexOf('@'))
    return `  not taken ${name}  ${problem === undefined ? 'pilot has not read it yet' : terminalSafe(problem)}`
  })
}
