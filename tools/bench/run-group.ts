import { join } from 'node:path'
import { bedKey, openBed } from './bed.ts'
import { measureFresh } from './fresh.ts'
import type { BusyLoad } from './loads/run-load.ts'
import { measure, type MeasureOptions, type Runner } from './measure.ts'
import type { Peer } from './peers/peer.ts'
import { profileStages, type ProfileOptions } from './profile-stages.ts'
import type { Sample } from './sample.ts'
import type { Stages } from './stages.ts'
import type { Work } from './work.ts'

export interface GroupOptions extends Omit<MeasureOptions, 'onSample'>, ProfileOptions {
  /** How often each peer is started anew. */
  readonly starts: number
}

export interface Place {
  readonly peers: readonly Peer[]
  /** Takes what the profiler told, by work. */
  readonly stages: Record<string, Stages>
  readonly dir: string
}

/** Works that share a bed, and with it processes. */
export type Group = readonly [Work, ...Work[]]

/** The variant whose stages are told apart. */
const PROFILED = 'mesh-fast'
/** The work whose stages are told apart where there is time for one. */
const PROFILED_IF_QUICK = 'get'

/** Works by what they can share, in their order. */
export function groupsOf(works: readonly Work[]): readonly Group[] {
  const groups = new Map<string, [Work, ...Work[]]>()
  for (const work of works) {
    const known = groups.get(bedKey(work))
    if (known === undefined) groups.set(bedKey(work), [work])
    else known.push(work)
  }
  return [...groups.values()]
}

/** Starts the peers that know the setup, and runs its works through them. */
export async function runGroup(works: Group, { peers: all, stages, dir }: Place, options: GroupOptions): Promise<readonly Sample[]> {
  const [first] = works
  const peers = all.filter(({ setups }) => setups.includes(first.setup))
  const bed = await openBed(first, join(dir, bedKey(first)))
  const runners: Runner[] = []
  const samples: Sample[] = []
  try {
    if (first.setup === 'fresh') {
      for (let round = 0; round < options.starts; round++)
        for (const peer of peers) samples.push(told(await measureFresh(first, peer, bed)))
      return samples
    }
    for (const peer of peers) runners.push({ peer, running: await bed.start(peer) })
    const busy = works.filter(isBusy)
    for (const work of busy) samples.push(...(await measure(work, { bed, runners, first: work === first }, { ...options, onSample: told })))
    if (!peers.some(({ name }) => name === PROFILED)) return samples
    for (const work of busy.filter(({ name }) => options.thorough || name === PROFILED_IF_QUICK))
      stages[work.name] = await profileStages(work, bed, options)
    return samples
  } finally {
    await Promise.all(runners.map(({ running }) => running.stop()))
    await bed.close()
  }
}

function isBusy(work: Work): work is Work & { readonly load: BusyLoad } {
  return work.load.kind !== 'fresh'
}

/** A line for whoever waits. */
function told(sample: Sample): Sample {
  const { work, variant, errors, ...figures } = sample
  const parts = Object.entries(figures).map(([name, value]) => `${name} ${value === null ? '–' : value.toFixed(2)}`)
  console.log(`${work.padEnd(14)} ${variant.padEnd(14)} ${parts.join('  ')}${errors > 0 ? `  ${errors} errors` : ''}`)
  return sample
}
