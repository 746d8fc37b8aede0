import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../../bench/child.ts'
import type { Child } from '../../running/child.ts'
import type { Peer } from '../peers/peer.ts'
import type { RunOptions } from '../run-cases.ts'
import { HostileUpstream } from './hostile-upstream.ts'
import { makeReplyCase, type ReplyCase } from './reply-cases.ts'
import { ReplyLane, type SeenReply } from './reply-lane.ts'

/** What came of the cases at one proxy; by place in the list of cases. */
export interface ReplyRun {
  readonly peer: string
  readonly seen: readonly SeenReply[]
}

const LANES = 8

/** Asks all proxies for all cases, each in front of a hostile upstream of its own. */
export async function runReplies({
  peers,
  seed,
  indexes,
}: RunOptions): Promise<{ cases: readonly ReplyCase[]; runs: readonly ReplyRun[] }> {
  const cases = indexes.map((index) => makeReplyCase(seed, index))
  const dir = mkdtempSync(join(tmpdir(), 'mesh-replies-'))
  try {
    return { cases, runs: await Promise.all(peers.map((peer) => runPeer(peer, join(dir, peer.name), cases))) }
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

async function runPeer(peer: Peer, dir: string, cases: readonly ReplyCase[]): Promise<ReplyRun> {
  const upstream = await HostileUpstream.start(cases)
  const port = await freePort()
  const child = await peer.start({ port, upstreamPort: upstream.port, dir })
  try {
    const seen = await askAll(child, port, cases)
    const code = await child.stop()
    if (peer.name === 'mesh' && code !== 0) throw new Error(`the proxy ended with ${code}:\n${child.stderr()}`)
    return { peer: peer.name, seen }
  } finally {
    await child.stop()
    upstream.close()
  }
}

async function askAll(child: Child, port: number, cases: readonly ReplyCase[]): Promise<readonly SeenReply[]> {
  const seen: SeenReply[] = []
  let next = 0
  const lane = async (): Promise<void> => {
    const own = new ReplyLane(port)
    for (let at = next++; at < cases.length; at = next++) {
      const one = cases[at] as ReplyCase
      const { process } = child
      if (process.exitCode !== null || process.signalCode !== null)
        throw new Error(`a proxy died before case ${one.id}:\n${child.stderr()}`)
      seen[at] = await own.send(one)
    }
    own.close()
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  return seen
}
