import { parseDuration, type Finding } from '@mesh/core/config'
import { findMesh, type FoundMesh } from '../mesh/find-mesh.ts'
import { CommandFailure, EXIT, type ExitCode } from '../output/exit-code.ts'
import { findingLine } from '../output/finding-line.ts'
import { print } from '../output/print.ts'
import { askPropagation } from '../propagation/propagation.ts'
import { waitFor } from '../propagation/wait-for.ts'
import { waitCode, waitDetails, waitLine } from '../propagation/wait-text.ts'
import { kindWord } from './kinds.ts'
import { nameOfKey } from './object-name.ts'
import type { ChangeFlags } from './options.ts'
import type { ObjectOutcome } from './store-plan.ts'

/** How a change is told, and whether it is waited for. */
export interface ReportOptions {
  readonly cwd: string
  readonly flags: Pick<ChangeFlags, 'dryRun' | 'wait' | 'timeout' | 'output'>
  /** Gives the wait up. */
  readonly interrupt?: AbortSignal
}

/** Tells what became of objects and, when asked, waits until proxies serve them. `wants` names them as pilot does. */
export async function reportChange(
  mesh: FoundMesh,
  outcomes: readonly ObjectOutcome[],
  wants: readonly string[],
  { flags, interrupt }: ReportOptions,
): Promise<ExitCode> {
  const { dryRun = false, wait, output } = flags
  const plain = output === 'table' || output === 'name'
  const lines = plain ? outcomes.map((one) => outcomeLine(one, { dryRun, name: output === 'name' })) : []
  if (wait === undefined || dryRun || wants.length === 0) {
    if (lines.length > 0) await print(lines.join('\n'))
    return EXIT.ok
  }
  // With one object the line is finished when the wait is; a person sees at once that it was taken.
  const open = lines.length === 1 && output === 'table'
  if (lines.length > 0) await write(lines.join('\n') + (open ? '' : '\n'))
  const waited = await waitFor({
    wants,
    percent: wait,
    timeoutMs: timeoutMs(flags.timeout),
    ...(interrupt === undefined ? {} : { interrupt }),
    ask: (some) => askPropagation(mesh.run.pilot.monitoring, some),
  })
  const told = [
    `${open ? ' · ' : ''}${waitLine(waited)}`,
    ...(waited.kind === 'served' ? leftOnly(waited.left) : waitDetails(waited)),
  ].join('\n')
  if (output === 'table') await print(told)
  else if (waited.kind !== 'served') process.stderr.write(`${told}\n`)
  return waitCode(waited)
}

/** The mesh whose configuration is changed; how long to wait is read before anything is done. */
export function meshToChange({ cwd, flags }: ReportOptions): FoundMesh {
  timeoutMs(flags.timeout)
  return findMesh(cwd)
}

/** Findings go to standard error, errors first. */
export function tellFindings(findings: readonly Finding[], cwd: string): void {
  const order = { error: 0, warning: 1, info: 2 } as const
  const sorted = findings.toSorted((left, right) => order[left.severity] - order[right.severity])
  for (const finding of sorted) process.stderr.write(`${findingLine(finding, { cwd })}\n`)
}

/** Refuses a change with its reasons; nothing has been changed. */
export function refuseChange(problems: readonly string[]): never {
  throw new CommandFailure(EXIT.negative, [...problems, 'Nothing is changed.'].join('\n'))
}

function outcomeLine({ key, outcome }: ObjectOutcome, { dryRun, name }: { readonly dryRun: boolean; readonly name: boolean }): string {
  if (name) return kindWord(key)
  return `${nameOfKey(key)} ${outcome}${dryRun ? ' (dry run)' : ''}`
}

function leftOnly(left: readonly string[]): readonly string[] {
  return left.map((name) => `  left     ${name}  it went away before it served this, and is not in the mesh any more`)
}

function timeoutMs(text: string): number {
  const found = parseDuration(/^\d+(?:\.\d+)?$/.test(text) ? `${text}s` : text)
  if (found === undefined) throw new CommandFailure(EXIT.usage, `--timeout takes a duration like 30s or 1m, or seconds, not "${text}".`)
  return found
}

function write(text: string): Promise<void> {
  return new Promise((resolve) => process.stdout.write(text, () => resolve()))
}
