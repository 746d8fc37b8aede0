import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, release, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { bedKey, openBed } from './bed.ts'
import { measureFresh } from './fresh.ts'
import { measure, type MeasureOptions, type Runner } from './measure.ts'
import { ENVOY } from './peers/envoy.ts'
import { HAPROXY } from './peers/haproxy.ts'
import { mesh } from './peers/mesh.ts'
import { NGINX } from './peers/nginx.ts'
import { NODE } from './peers/node.ts'
import { NONE } from './peers/none.ts'
import type { Peer } from './peers/peer.ts'
import { profileStages, stagesLine } from './profile-stages.ts'
import { rowsOf, table } from './report.ts'
import type { Sample } from './sample.ts'
import type { Stages } from './stages.ts'
import type { LoadSpec, Work } from './work.ts'

/** The variant whose stages are told apart. */
const PROFILED = 'mesh-fast'
const PEERS: readonly Peer[] = [NONE, NGINX, HAPROXY, ENVOY, NODE, mesh('portable'), mesh('fast')]

export interface BenchOptions extends Omit<MeasureOptions, 'onSample'> {
  readonly works: readonly Work[]
  /** Variants to run; undefined: all. */
  readonly variants: readonly string[] | undefined
  readonly jsonFile: string | undefined
  /** Of which works the stages of our proxy are told apart: of the first with a setup, or of all. */
  readonly stages: 'first' | 'all'
}

/** Runs the rows that are asked for, prints their tables, keeps the raw result; answers the exit code. */
export async function bench(options: BenchOptions): Promise<number> {
  const wanted = PEERS.filter(({ name }) => options.variants?.includes(name) ?? true)
  const peers = wanted.filter((peer) => peer.missing() === undefined)
  const skipped = wanted.filter((peer) => !peers.includes(peer)).map((peer) => `${peer.name} is skipped, it is not here: ${peer.missing()}`)
  for (const one of skipped) console.log(one)
  const samples: Sample[] = []
  const stages: Record<string, Stages> = {}
  const dir = mkdtempSync(join(tmpdir(), 'mesh-bench-'))
  try {
    for (const works of groupsOf(options.works))
      samples.push(...(await runGroup(works, { peers, stages, dir: join(dir, bedKey(works[0])) }, options)))
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
  const rows = rowsOf(samples)
  const versions = Object.fromEntries(peers.map((peer) => [peer.name, peer.version()]))
  const leavesOut = Object.fromEntries(peers.map((peer) => [peer.name, peer.leavesOut]))
  const machine = { cpu: cpus()[0]?.model, cores: cpus().length, memoryMb: Math.round(totalmem() / 2 ** 20), kernel: release() }
  const stageLines = Object.entries(stages).map(([work, micros]) => `- ${stagesLine(work, micros)}`)
  console.log(
    `\n${table(rows)}\n\nUser-space µs per request of mesh-fast by stage, under a profiler:\n${stageLines.join('\n')}\n\nWhat each does less than ours, and its version:`,
  )
  for (const { name } of peers) console.log(`- ${name} ${versions[name]}: ${leavesOut[name]}`)
  console.log('Ratios are of the medians of this one run. The OpenSSL versions differ, and Envoy has BoringSSL.')
  if (options.jsonFile !== undefined) {
    const { repetitions, seconds, warmUpSeconds, latencySeconds } = options
    const asked = { repetitions, seconds, warmUpSeconds, latencySeconds }
    const result = { date: new Date().toISOString(), machine, versions, leavesOut, skipped, options: asked, rows, stages, samples }
    writeFileSync(options.jsonFile, `${JSON.stringify(result, undefined, 2)}\n`)
  }
  return rows.some(({ errors }) => errors > 0) ? 1 : 0
}

type Group = readonly [Work, ...Work[]]

/** Works that share a bed, and with it processes. */
function groupsOf(works: readonly Work[]): readonly Group[] {
  const groups = new Map<string, [Work, ...Work[]]>()
  for (const work of works) {
    const known = groups.get(bedKey(work))
    if (known === undefined) groups.set(bedKey(work), [work])
    else known.push(work)
  }
  return [...groups.values()]
}

interface Place {
  readonly peers: readonly Peer[]
  /** Takes what the profiler told, by work. */
  readonly stages: Record<string, Stages>
  readonly dir: string
}

async function runGroup(works: Group, { peers: all, stages, dir }: Place, options: BenchOptions): Promise<readonly Sample[]> {
  const [first] = works
  const peers = all.filter(({ setups }) => setups.includes(first.setup))
  const bed = await openBed(first, dir)
  const runners: Runner[] = []
  const samples: Sample[] = []
  try {
    if (first.setup === 'fresh') {
      for (let round = 0; round < options.repetitions; round++)
        for (const peer of peers) samples.push(told(await measureFresh(first, peer, bed)))
      return samples
    }
    for (const peer of peers) runners.push({ peer, running: await bed.start(peer) })
    const busy = works.filter(isBusy)
    for (const work of busy) samples.push(...(await measure(work, bed, runners, { ...options, onSample: told })))
    if (!peers.some(({ name }) => name === PROFILED)) return samples
    for (const work of options.stages === 'all' ? busy : busy.slice(0, 1)) stages[work.name] = await profileStages(work, bed, options)
    return samples
  } finally {
    await Promise.all(runners.map(({ running }) => running.stop()))
    await bed.close()
  }
}

function isBusy(work: Work): work is Work & { readonly load: Exclude<LoadSpec, { readonly kind: 'fresh' }> } {
  return work.load.kind !== 'fresh'
}

/** A line for whoever waits. */
function told(sample: Sample): Sample {
  const { work, variant, errors, ...figures } = sample
  const parts = Object.entries(figures).map(([name, value]) => `${name} ${value.toFixed(2)}`)
  console.log(`${work.padEnd(14)} ${variant.padEnd(14)} ${parts.join('  ')}${errors > 0 ? `  ${errors} errors` : ''}`)
  return sample
}
