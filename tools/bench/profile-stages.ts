import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { ASKED, type Bed } from './bed.ts'
import { cpuMicros, userMicros } from './cpu-time.ts'
import type { LoadRun } from './loads/load.ts'
import { awaitReply } from './loads/await-reply.ts'
import { runLoad, warmUp, type BusyLoad } from './loads/run-load.ts'
import { mesh } from './peers/mesh.ts'
import { CLIENT } from './pki.ts'
import { monotonicMicros, stagesIn, type Stages } from './stages.ts'
import type { Work } from './work.ts'

export interface ProfileOptions {
  /** Where profiles are kept; undefined: nowhere. */
  readonly profilesDir: string | undefined
  readonly seconds: number
  readonly warmUpSeconds: number
}

/** User-space microseconds per request of our proxy on its fast plug, by stage, in a run of its own under V8's profiler. */
export async function profileStages(work: Work & { readonly load: BusyLoad }, bed: Bed, options: ProfileOptions): Promise<Stages> {
  const { load } = work
  const dir = join(options.profilesDir ?? bed.dir, `profile-${work.name}`)
  mkdirSync(dir, { recursive: true })
  const running = await bed.start(mesh('fast', dir))
  const { port, pids } = load.kind === 'handshake' ? (running.server ?? running) : running
  const run = (seconds: number): LoadRun => ({ port, host: ASKED, seconds, dir: bed.dir, tls: bed.pki?.files(CLIENT) })
  const sum = (figure: (pid: number) => number): number => pids.reduce((total, pid) => total + figure(pid), 0)
  try {
    if (load.kind === 'http' || load.kind === 'exchange') await awaitReply(load, run(0), 'mesh-fast')
    await warmUp(load, run, options.warmUpSeconds)
    const [from, cpuBefore, userBefore] = [monotonicMicros(), sum(cpuMicros), sum(userMicros)]
    const { requests } = await runLoad(load, run(options.seconds))
    const [to, cpu, user] = [monotonicMicros(), sum(cpuMicros) - cpuBefore, sum(userMicros) - userBefore]
    await running.stop()
    return userSpace(stagesIn(dir, { from, to }), { requests, cpu, user })
  } finally {
    await running.stop()
  }
}

/** What a run took, CPU times in microseconds. */
interface Spent {
  readonly requests: number
  readonly cpu: number
  readonly user: number
}

/** The profiler counts time on the wall, and that of the system as that of its caller: scaled to CPU time, without the system's. */
function userSpace(wall: Stages, { requests, cpu, user }: Spent): Stages {
  const scale = cpu / Object.values(wall).reduce((total, micros) => total + micros, 0)
  const own = (stage: string, micros: number): number => (stage === 'io' ? Math.max(0, micros * scale - (cpu - user)) : micros * scale)
  return Object.fromEntries(Object.entries(wall).map(([stage, micros]) => [stage, own(stage, micros) / requests]))
}

/** The dearest first. */
export function stagesLine(work: string, stages: Stages): string {
  const parts = Object.entries(stages).toSorted(([, a], [, b]) => b - a)
  return `${work}: ${parts.map(([stage, micros]) => `${stage} ${micros.toFixed(2)}`).join(', ')}`
}
