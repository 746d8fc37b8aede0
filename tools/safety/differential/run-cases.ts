import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../bench/child.ts'
import type { Child } from '../running/child.ts'
import { readAccessLog, type Logged } from './access-log.ts'
import { makeCase, type Case } from './cases.ts'
import type { Outcome } from './judge.ts'
import { Lane } from './lane.ts'
import type { Peer } from './peers/peer.ts'
import type { Understood } from './read-upstream.ts'
import { Upstream } from './upstream.ts'

/** What came of the cases at one proxy; by place in the list of cases. */
export interface PeerRun {
  readonly peer: string
  readonly outcomes: readonly Outcome[]
  /** Requests at its upstream that belong to no case. */
  readonly strays: readonly Understood[]
  /** By case; of proxies whose access log is read. */
  readonly logged: ReadonlyMap<string, readonly Logged[]>
}

export interface RunOptions {
  readonly peers: readonly Peer[]
  readonly seed: number
  readonly indexes: readonly number[]
}

const LANES = 8

/** Sends all cases to all proxies, each proxy with an upstream of its own. */
export async function runCases({ peers, seed, indexes }: RunOptions): Promise<{ cases: readonly Case[]; runs: readonly PeerRun[] }> {
  const cases = indexes.map((index) => makeCase(seed, index))
  const dir = mkdtempSync(join(tmpdir(), 'mesh-differential-'))
  try {
    return { cases, runs: await Promise.all(peers.map((peer) => runPeer(peer, join(dir, peer.name), cases))) }
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

async function runPeer(peer: Peer, dir: string, cases: readonly Case[]): Promise<PeerRun> {
  const upstream = await Upstream.start()
  const port = await freePort()
  const child = await peer.start({ port, upstreamPort: upstream.port, dir })
  try {
    const seen = await sendAll(child, port, cases)
    const code = await child.stop()
    if (peer.name === 'mesh' && code !== 0) throw new Error(`the proxy ended with ${code}:\n${child.stderr()}`)
    const outcomes = cases.map(({ id }, at) => ({ seen: seen[at] as Outcome['seen'], requests: upstream.of(id) }))
    return { peer: peer.name, outcomes, strays: upstream.of(''), logged: readAccessLog(child.stdout()) }
  } finally {
    await child.stop()
    upstream.close()
  }
}

/** A proxy that dies under a case is the worst that can be found. */
async function sendAll(child: Child, port: number, cases: readonly Case[]): Promise<readonly Outcome['seen'][]> {
  const seen: Outcome['seen'][] = []
  let next = 0
  const lane = async (): Promise<void> => {
    const own = new Lane(port)
    for (let at = next++; at < cases.length; at = next++) {
      const { process } = child
      if (process.exitCode !== null || process.signalCode !== null)
        throw new Error(`a proxy died before case ${cases[at]?.id}:\n${child.stderr()}`)
      seen[at] = await own.send(cases[at] as Case)
    }
    own.close()
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  return seen
}
