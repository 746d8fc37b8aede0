import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What V8's CPU profiler writes (Chrome DevTools protocol `Profiler.Profile`), as far as it is read here. */
export interface CpuProfile {
  readonly nodes: readonly { readonly id: number; readonly callFrame: { readonly functionName: string; readonly url: string } }[]
  /** Microseconds of the system's monotonic clock. */
  readonly startTime: number
  readonly samples: readonly number[]
  /** Microseconds since the sample before. */
  readonly timeDeltas: readonly number[]
}

/** A time by the system's monotonic clock, microseconds. */
export interface Window {
  readonly from: number
  readonly to: number
}

/** Microseconds by stage, kernel time included where the stage calls it. */
export type Stages = Readonly<Record<string, number>>

/** The monotonic clock that all processes of a machine share, in microseconds. */
export function monotonicMicros(): number {
  return Number(process.hrtime.bigint() / 1000n)
}

/** All profiles of a folder, added up. */
export function stagesIn(dir: string, window: Window): Stages {
  const total: Record<string, number> = {}
  for (const file of readdirSync(dir).filter((name) => name.endsWith('.cpuprofile'))) {
    const stages = stagesOf(JSON.parse(readFileSync(join(dir, file), 'utf8')) as CpuProfile, window)
    for (const [stage, micros] of Object.entries(stages)) total[stage] = (total[stage] ?? 0) + micros
  }
  return total
}

/** Own time of each function within the window, by the part of the program that it is of; idle time is of none. */
export function stagesOf({ nodes, startTime, samples, timeDeltas }: CpuProfile, { from, to }: Window): Stages {
  const stageById = new Map(nodes.map(({ id, callFrame }) => [id, stageOf(callFrame)]))
  const total: Record<string, number> = {}
  let at = startTime
  for (const [index, id] of samples.entries()) {
    // A sample stands for the time until the next one.
    at += timeDeltas[index] ?? 0
    const stage = stageById.get(id)
    if (stage === undefined || at < from || at > to) continue
    total[stage] = (total[stage] ?? 0) + Math.max(0, timeDeltas[index + 1] ?? 0)
  }
  return total
}

/** Undefined: idle. */
function stageOf({ functionName, url }: { readonly functionName: string; readonly url: string }): string | undefined {
  if (functionName === '(idle)') return undefined
  if (functionName === '(garbage collector)') return 'gc'
  return PLACES.find(([part]) => url.includes(part))?.[1] ?? (url.startsWith('node:') ? 'node' : 'io')
}

/** The first that is part of a file's name. Native functions, the system's among them, have no file: they are called by io. */
const PLACES: readonly (readonly [part: string, stage: string])[] = [
  ['/packages/wire/', 'codec'],
  ['/packages/io/', 'io'],
  ['/packages/core/src/engine/', 'decide'],
  ['/packages/core/', 'pipeline'],
  ['/packages/telemetry/', 'observe'],
  ['/packages/proxy/src/observe/', 'observe'],
  ['/packages/proxy/src/pool/', 'pool'],
  ['/packages/proxy/', 'driver'],
]
