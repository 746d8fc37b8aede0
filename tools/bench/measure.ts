import { ASKED, type Bed } from './bed.ts'
import { cpuMicros, residentMb, userMicros } from './cpu-time.ts'
import { awaitReply } from './loads/await-reply.ts'
import { runOpenLoop } from './loads/exchange.ts'
import type { LoadRun } from './loads/load.ts'
import { runLoad, warmUp, type BusyLoad } from './loads/run-load.ts'
import type { Peer, Running, Target } from './peers/peer.ts'
import { median } from './report.ts'
import type { Sample } from './sample.ts'
import { CLIENT } from './pki.ts'
import type { Work } from './work.ts'

export interface MeasureOptions {
  readonly repetitions: number
  readonly seconds: number
  readonly warmUpSeconds: number
  readonly latencySeconds: number
  /** Every work of a setup is warmed up and has its latency measured; else the first. */
  readonly thorough: boolean
  readonly onSample: (sample: Sample) => void
}

/** A peer at work. */
export interface Runner {
  readonly peer: Peer
  readonly running: Running
}

/** Whose saturation sets the rate at which latency is measured. */
const YARDSTICK = 'haproxy'

/** Peers in a bed, all alive. */
export interface Field {
  readonly bed: Bed
  readonly runners: readonly Runner[]
  /** Nothing ran on them yet. */
  readonly first: boolean
}

/** Runs one work through the peers in turn, repetition by repetition, then each at a fixed rate. */
export async function measure(
  work: Work & { readonly load: BusyLoad },
  { bed, runners, first }: Field,
  options: MeasureOptions,
): Promise<readonly Sample[]> {
  const { load } = work
  const samples: Sample[] = []
  const run = (target: Target, seconds: number): LoadRun => {
    return { port: target.port, host: ASKED, seconds, dir: bed.dir, tls: bed.pki?.files(CLIENT) }
  }
  const add = (sample: Sample): void => {
    samples.push(sample)
    options.onSample(sample)
  }
  const turns = runners.map(({ peer, running }) => ({ peer, target: load.kind === 'handshake' ? (running.server ?? running) : running }))
  const whole = options.thorough || first
  for (const { peer, target } of turns) {
    if (load.kind === 'http' || load.kind === 'exchange') await awaitReply(load, run(target, 0), peer.name)
    if (peer.compiles && whole) await warmUp(load, (seconds) => run(target, seconds), options.warmUpSeconds)
  }
  for (let round = 0; round < options.repetitions; round++)
    for (const { peer, target } of turns) add(await saturate(work, peer, target, run(target, options.seconds)))
  if ((load.kind === 'http' || load.kind === 'exchange') && whole) {
    const rate = rateOf(samples)
    for (const { peer, target } of turns) {
      const { p50Ms, p99Ms, errors } = await runOpenLoop(load, run(target, options.latencySeconds), rate)
      add({ work: work.name, variant: peer.name, errors, p50Ms, p99Ms })
    }
  }
  return samples
}

async function saturate(work: Work & { readonly load: BusyLoad }, peer: Peer, { pids }: Target, run: LoadRun): Promise<Sample> {
  const [cpuBefore, userBefore] = [sum(pids, cpuMicros), sum(pids, userMicros)]
  const { requests, errors, seconds } = await runLoad(work.load, run)
  return {
    work: work.name,
    variant: peer.name,
    errors,
    cpuUsPerRequest: (sum(pids, cpuMicros) - cpuBefore) / requests,
    userUsPerRequest: (sum(pids, userMicros) - userBefore) / requests,
    rps: requests / seconds,
    rssMb: sum(pids, residentMb),
  }
}

function rateOf(samples: readonly Sample[]): number {
  const of = (variant: string): readonly number[] =>
    samples.flatMap((one) => (one.variant === variant && one.rps !== undefined ? [one.rps] : []))
  const named = of(YARDSTICK)
  return median(named.length > 0 ? named : of(samples[0]?.variant ?? '')) / 2
}

function sum(pids: readonly number[], figure: (pid: number) => number): number {
  return pids.reduce((total, pid) => total + figure(pid), 0)
}
