import { findMesh, lookForMesh } from '../mesh/find-mesh.ts'
import { EXIT, type ExitCode } from '../output/exit-code.ts'
import { print } from '../output/print.ts'
import { RecordFollower, type Fresh } from '../records/follow-records.ts'
import { MAX_PAST } from '../records/limits.ts'
import type { Seen, SeenRecord } from '../records/seen-record.ts'
import { shortNames } from '../records/short-names.ts'
import type { RunFile } from '../up/run-file.ts'
import { untilStopped } from '../output/until-stopped.ts'
import { callFilter, type CallFilter } from './call-filter.ts'
import { callLine } from './call-line.ts'
import { POLL_MS } from './limits.ts'

export interface TapOptions extends CallFilter {
  readonly cwd: string
  readonly output: 'text' | 'json'
  /** Tell so many of the last calls and end; undefined: follow. */
  readonly last: number | undefined
}

/** `meshctl tap`: calls as they end, from what all proxies remember, until Ctrl-C or the end of the mesh. */
export async function runTap(options: TapOptions): Promise<ExitCode> {
  const fits = callFilter(options)
  const { dir, run } = findMesh(options.cwd)
  const { last, output } = options
  const follower = new RecordFollower({ sinceMs: Date.now(), past: last === undefined ? 0 : MAX_PAST })
  if (last !== undefined) {
    const past = await follower.next(run)
    await tell({ ...past, gaps: [], seen: lastOf(chosen(past, fits), last) }, run, output)
    return EXIT.ok
  }
  await untilStopped(POLL_MS, async () => {
    const mesh = lookForMesh(dir)
    if (mesh === undefined || mesh.run.state === 'stopping') return false
    const fresh = await follower.next(mesh.run)
    await tell({ ...fresh, seen: chosen(fresh, fits) }, mesh.run, output)
    return true
  })
  return EXIT.ok
}

function chosen({ seen }: Fresh, fits: (record: SeenRecord) => boolean): readonly Seen[] {
  return seen.filter(({ record }) => fits(record))
}

function lastOf(seen: readonly Seen[], count: number): readonly Seen[] {
  return seen.slice(Math.max(0, seen.length - count))
}

async function tell({ seen, gaps, silent }: Fresh, run: RunFile, output: TapOptions['output']): Promise<void> {
  for (const { why } of silent) process.stderr.write(`${why}\n`)
  for (const { at, calls } of gaps) process.stderr.write(`${calls} calls of ${at.name} are not told: they came faster than it remembers.\n`)
  if (seen.length === 0) return
  const names = shortNames(run)
  const lines = seen.map(({ at, record }) =>
    output === 'json' ? JSON.stringify({ proxy: `${at.name}.${at.namespace}`, ...record }) : callLine(record, names),
  )
  await print(lines.join('\n'))
}
