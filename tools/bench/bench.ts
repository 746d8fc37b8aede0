import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, release, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { ENVOY } from './peers/envoy.ts'
import { HAPROXY } from './peers/haproxy.ts'
import { mesh, meshByHttp1 } from './peers/mesh.ts'
import { NGINX } from './peers/nginx.ts'
import { NODE } from './peers/node.ts'
import { NONE } from './peers/none.ts'
import type { Peer } from './peers/peer.ts'
import { stagesLine } from './profile-stages.ts'
import { rowsOf, table } from './report.ts'
import { groupsOf, runGroup, type GroupOptions } from './run-group.ts'
import type { Sample } from './sample.ts'
import type { Stages } from './stages.ts'
import type { Work } from './work.ts'

const PEERS: readonly Peer[] = [NONE, NGINX, HAPROXY, ENVOY, NODE, mesh('portable'), mesh('fast'), meshByHttp1()]

export interface BenchOptions extends GroupOptions {
  readonly works: readonly Work[]
  /** Variants to run; undefined: all. */
  readonly variants: readonly string[] | undefined
  readonly jsonFile: string | undefined
}

/** Runs the rows that are asked for, prints their tables, keeps the raw result; answers the exit code. */
export async function bench(options: BenchOptions): Promise<number> {
  const startedMs = performance.now()
  const wanted = PEERS.filter(({ name, onDemand }) => options.variants?.includes(name) ?? onDemand !== true)
  const peers = wanted.filter((peer) => peer.missing() === undefined)
  const skipped = wanted.filter((peer) => !peers.includes(peer)).map((peer) => `${peer.name} is skipped, it is not here: ${peer.missing()}`)
  for (const one of skipped) console.log(one)
  const samples: Sample[] = []
  const stages: Record<string, Stages> = {}
  const dir = mkdtempSync(join(tmpdir(), 'mesh-bench-'))
  try {
    for (const works of groupsOf(options.works)) samples.push(...(await runGroup(works, { peers, stages, dir }, options)))
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
  const rows = rowsOf(samples)
  console.log(`\n${table(rows)}\n`)
  tellStages(stages)
  tellPeers(peers, skipped)
  console.log(`It took ${Math.round((performance.now() - startedMs) / 1000)} s.`)
  if (options.jsonFile !== undefined) keep(options.jsonFile, options, { peers, skipped, rows, stages, samples })
  return rows.some(({ errors }) => errors > 0) ? 1 : 0
}

function tellStages(stages: Readonly<Record<string, Stages>>): void {
  const lines = Object.entries(stages).map(([work, micros]) => `- ${stagesLine(work, micros)}`)
  if (lines.length > 0) console.log(`User-space µs per request of mesh-fast by stage, in a run under a profiler:\n\n${lines.join('\n')}\n`)
}

function tellPeers(peers: readonly Peer[], skipped: readonly string[]): void {
  const lines = peers.map((peer) => `- ${peer.name} ${peer.version()}: ${peer.leavesOut}`)
  console.log(['What each leaves out:', '', ...lines, ...skipped.map((one) => `- ${one}`), ''].join('\n'))
  console.log('Ratios are of the medians of this one run. The OpenSSL versions differ, and Envoy has BoringSSL.')
}

interface Result {
  readonly peers: readonly Peer[]
  readonly skipped: readonly string[]
  readonly rows: readonly unknown[]
  readonly stages: Readonly<Record<string, Stages>>
  readonly samples: readonly Sample[]
}

function keep(file: string, options: BenchOptions, { peers, ...result }: Result): void {
  const { repetitions, seconds, warmUpSeconds, latencySeconds } = options
  const machine = { cpu: cpus()[0]?.model, cores: cpus().length, memoryMb: Math.round(totalmem() / 2 ** 20), kernel: release() }
  const whole = {
    date: new Date().toISOString(),
    machine,
    versions: Object.fromEntries(peers.map((peer) => [peer.name, peer.version()])),
    leavesOut: Object.fromEntries(peers.map((peer) => [peer.name, peer.leavesOut])),
    options: { repetitions, seconds, warmUpSeconds, latencySeconds },
    ...result,
  }
  writeFileSync(file, `${JSON.stringify(whole, undefined, 2)}\n`)
}
