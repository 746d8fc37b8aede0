import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { ASKED, type Bed } from './bed.ts'
import { cpuMicros, userMicros } from './cpu-time.ts'
import type { LoadRun } from './loads/load.ts'
import { awaitReply } from './loads/await-reply.ts'
import { runLoad, type BusyLoad } from './loads/run-load.ts'
import { mesh } from './peers/mesh.ts'
import { CLIENT } from './pki.ts'
import { monotonicMicros, stagesIn, type Stages } from './stages.ts'
import type { Work } from './work.ts'

export interface ProfileOptions {
  readonly seconds: number
  readonly warmUpSeconds: number
}

/** User-space microseconds per request of our proxy on its fast plug, by stage, in a run of its own under V8's profiler. */
export async function profileStages(work: Work & { readonly load: BusyLoad }, bed: Bed, options: ProfileOptions): Promise<Stages> {
  const { load } = work
  const dir = mkdtempSync(join(bed.dir, 'profile-'))
  const running = await bed.start(mesh('fast', dir))
  const { port, pids } = load.kind === 'handshake' ? (running.server ?? running) : running
  const run = (seconds: number): LoadRun => ({ port, host: ASKED, seconds, dir: bed.dir, tls: bed.pki?.files(CLIENT) })
  const kernelMicros = (): number => pids.reduce((sum, pid) => sum + cpuMicros(pid) - userMicros(pid), 0)
  try {
    if (load.kind === 'http' || load.kind === 'exchange') await awaitReply(load, run(0), 'mesh-fast')
    await runLoad(load, run(options.warmUpSeconds))
    const [from, kernelBefore] = [monotonicMicros(), kernelMicros()]
    const { requests } = await runLoad(load, run(options.seconds))
    const [to, kernel] = [monotonicMicros(), kernelMicros() - kernelBefore]
    await running.stop()
    const { io = 0, ...rest } = stagesIn(dir, { from, to })
    return Object.fromEntries(
      Object.entries({ ...rest, io: Math.max(0, io - kernel) }).map(([stage, micros]) => [stage, micros / requests]),
    )
  } finally {
    await running.stop()
  }
}

/** The dearest first. */
export function stagesLine(work: string, stages: Stages): string {
  const parts = Object.entries(stages).toSorted(([, a], [, b]) => b - a)
  return `${work}: ${parts.map(([stage, micros]) => `${stage} ${micros.toFixed(2)}`).join(', ')}`
}
