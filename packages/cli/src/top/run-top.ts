import { findMesh, lookForMesh } from '../mesh/find-mesh.ts'
import { EXIT, type ExitCode } from '../output/exit-code.ts'
import { printValue, type Format } from '../output/print.ts'
import { untilStopped } from '../output/until-stopped.ts'
import { clockText } from '../records/clock-text.ts'
import { RecordFollower } from '../records/follow-records.ts'
import { MAX_PAST } from '../records/limits.ts'
import { shortNames } from '../records/short-names.ts'
import { CallWindow } from './call-window.ts'
import { MAX_WINDOW_CALLS, REFRESH_MS } from './limits.ts'
import { openScreen } from './screen.ts'
import { topTable } from './top-table.ts'

export interface TopOptions {
  readonly cwd: string
  readonly once: boolean
  readonly windowMs: number
  readonly output: Format
}

/** `meshctl top`: how those who are called do, from the calls of the last seconds that all proxies remember. */
export async function runTop({ cwd, once, windowMs, output }: TopOptions): Promise<ExitCode> {
  const { dir, run } = findMesh(cwd)
  const follower = new RecordFollower({ sinceMs: Date.now(), past: MAX_PAST })
  const window = new CallWindow({ windowMs, maxCalls: MAX_WINDOW_CALLS })
  window.take(await follower.next(run), Date.now())
  if (once) {
    const rows = window.rows(Date.now(), shortNames(run))
    await printValue(output, rows, () => topTable(rows))
    return EXIT.ok
  }
  const screen = openScreen(process.stdout)
  try {
    await untilStopped(REFRESH_MS, async () => {
      const mesh = lookForMesh(dir)
      if (mesh === undefined || mesh.run.state === 'stopping') return false
      const nowMs = Date.now()
      window.take(await follower.next(mesh.run), nowMs)
      const proxies = mesh.run.workloads.filter(({ proxy }) => proxy !== null).length
      const title = `${clockText(nowMs).slice(0, 8)}  ${mesh.run.name}, ${proxies} proxies, the last ${windowMs / 1000} s  (Ctrl-C ends)`
      screen.show(title, topTable(window.rows(nowMs, shortNames(mesh.run)), screen.height))
      return true
    })
  } finally {
    screen.close()
  }
  return EXIT.ok
}
