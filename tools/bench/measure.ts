import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort, startServer, type Child } from './child.ts'
import { cpuMicros, residentMb } from './cpu-time.ts'
import { runLoad, type Load } from './load.ts'
import type { Peer, Task } from './peers/peer.ts'

/** One repetition of one peer. */
export interface Sample extends Load {
  readonly peer: string
  readonly microsPerRequest: number
  readonly residentMb: number
}

export interface MeasureOptions {
  readonly peers: readonly Peer[]
  readonly repetitions: number
  readonly seconds: number
  readonly connections: number
  readonly bodyBytes: number
  readonly onSample: (sample: Sample) => void
}

const HOSTS = Array.from({ length: 42 }, (_, at) => `service${at}.default.svc.cluster.local`)
const ASKED = HOSTS[20] ?? ''
const WARM_UP_SECONDS = 2

/** Runs the peers in turn, repetition by repetition, all alive at once so that none is cold. */
export async function measure(options: MeasureOptions): Promise<Sample[]> {
  const dir = mkdtempSync(join(tmpdir(), 'mesh-bench-'))
  const children: Child[] = []
  try {
    const upstreamPort = await freePort()
    const upstream = fileURLToPath(new URL('upstream-main.ts', import.meta.url))
    children.push(await startServer('rest', [process.execPath, upstream, String(upstreamPort), String(options.bodyBytes)], upstreamPort))
    const task: Task = { hosts: HOSTS, prefixes: ['/api/v1', '/api/v2'], upstreamPort, dir }
    const runners: Runner[] = []
    for (const peer of options.peers) {
      const port = await freePort()
      const child = await peer.start(task, port)
      children.push(child)
      await checkBody(peer, port, options.bodyBytes)
      runners.push({ peer, port, pid: child.pid })
    }
    return await repeat(runners, options)
  } finally {
    await Promise.all(children.map((child) => child.stop()))
    rmSync(dir, { recursive: true, force: true })
  }
}

interface Runner {
  readonly peer: Peer
  readonly port: number
  readonly pid: number
}

async function repeat(runners: readonly Runner[], options: MeasureOptions): Promise<Sample[]> {
  const { connections, seconds } = options
  for (const { port } of runners) await runLoad({ port, host: ASKED, connections, seconds: WARM_UP_SECONDS })
  const samples: Sample[] = []
  for (let round = 0; round < options.repetitions; round++) {
    for (const { peer, port, pid } of runners) {
      const before = cpuMicros(pid)
      const load = await runLoad({ port, host: ASKED, connections, seconds })
      const sample = { peer: peer.name, ...load, microsPerRequest: (cpuMicros(pid) - before) / load.requests, residentMb: residentMb(pid) }
      samples.push(sample)
      options.onSample(sample)
    }
  }
  return samples
}

/** A proxy that answers something else is not measured. */
async function checkBody(peer: Peer, port: number, bytes: number): Promise<void> {
  const reply = await fetchOnce(port)
  if (!reply.endsWith(`\r\n\r\n${'x'.repeat(bytes)}`) || !reply.startsWith('HTTP/1.1 200'))
    throw new Error(`${peer.name} does not answer as it should:\n${reply}`)
}

function fetchOnce(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    let text = ''
    socket.setEncoding('latin1').on('data', (piece) => (text += String(piece)))
    socket.once('error', reject)
    socket.once('close', () => resolve(text))
    socket.write(`GET /products/1 HTTP/1.1\r\nHost: ${ASKED}\r\nConnection: close\r\n\r\n`)
  })
}
