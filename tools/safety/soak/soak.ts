import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '../../bench/child.ts'
import { startChild, type Child } from '../running/child.ts'
import { startProxy } from '../running/proxy.ts'
import { callers } from './callers.ts'
import { CA, folder, routes, SERVER_NAME, type Ports } from './folder.ts'
import { figuresOf, thirds } from './process-figures.ts'
import { startTraffic, type Tally } from './traffic.ts'

export interface Soaked {
  readonly tallies: readonly Tally[]
  /** MB, medians of the first and the last third. */
  readonly resident: { readonly first: number; readonly last: number }
  readonly descriptors: { readonly before: number; readonly during: number; readonly after: number }
  readonly changes: number
  readonly complaints: readonly string[]
}

const UPSTREAMS = fileURLToPath(new URL('upstreams-main.ts', import.meta.url))
/** Until what is loaded on first use is loaded, and the heap has found its size. */
const WARM_UP_SECONDS = 30
/** Garbage that V8 has not come to yet is no leak: with a small heap it comes to it soon, and memory tells what is held. */
const SMALL_HEAP = '--max-old-space-size=64'
const SETTLES_WITHIN_MS = 20_000

/** Runs the load for so long, behind a time of warming up. */
export async function soak(seconds: number): Promise<Soaked> {
  const dir = mkdtempSync(join(tmpdir(), 'mesh-soak-'))
  const ports = await freePorts()
  const { v1, v2, grpcUpstream, tcpUpstream } = ports
  const upstreams = await startChild([process.execPath, UPSTREAMS, ...[v1, v2, grpcUpstream, tcpUpstream].map(String)], grpcUpstream)
  try {
    const proxy = await startProxy({ dir: join(dir, 'config'), files: folder(ports), port: ports.tls, keep: false, nodeArgs: [SMALL_HEAP] })
    const measured = await measure({ proxy, ports, config: join(dir, 'config'), seconds })
    const code = await proxy.stop()
    const complaints = [...(code === 0 ? [] : [`the proxy ended with ${code}`]), ...errorsOf(proxy.stderr())]
    return { ...measured, complaints }
  } finally {
    await upstreams.stop()
    rmSync(dir, { recursive: true, force: true })
  }
}

interface Measure {
  readonly proxy: Child
  readonly ports: Ports
  readonly config: string
  readonly seconds: number
}

async function measure({ proxy, ports, config, seconds }: Measure): Promise<Omit<Soaked, 'complaints'>> {
  const addresses = { plainPort: ports.plain, tlsPort: ports.tls, tcpPort: ports.tcp, ca: CA, servername: SERVER_NAME }
  const before = await started(proxy)
  const traffics = callers(addresses).map(startTraffic)
  const resident: number[] = []
  let [turn, during] = [0, 0]
  for (const end = performance.now() + (WARM_UP_SECONDS + seconds) * 1000; performance.now() < end;) {
    change(config, ++turn)
    await new Promise((resolve) => setTimeout(resolve, 1000))
    const figures = figuresOf(proxy.pid)
    during = Math.max(during, figures.descriptors)
    if (turn > WARM_UP_SECONDS) resident.push(figures.residentMb)
  }
  await Promise.all(traffics.map((traffic) => traffic.stop()))
  const after = await settled(proxy.pid, before)
  return { tallies: traffics.map(({ tally }) => tally), resident: thirds(resident), descriptors: { before, during, after }, changes: turn }
}

/** A file is there whole, or not at all. */
function change(config: string, turn: number): void {
  writeFileSync(join(config, '.routes'), routes(turn))
  renameSync(join(config, '.routes'), join(config, 'routes.yaml'))
}

/** The number of descriptors once the proxy says that it serves, and opens nothing more. */
async function started(proxy: Child): Promise<number> {
  for (let [known, same] = [0, 0]; ;) {
    await new Promise((resolve) => setTimeout(resolve, 200))
    const { descriptors } = figuresOf(proxy.pid)
    same = descriptors === known && proxy.stderr().includes('"serving"') ? same + 1 : 0
    known = descriptors
    if (same === STILL) return known
  }
}

const STILL = 5

/** The number of descriptors once it is no more than `most`, or does not get there. */
async function settled(pid: number, most: number): Promise<number> {
  for (const end = performance.now() + SETTLES_WITHIN_MS; ;) {
    const { descriptors } = figuresOf(pid)
    if (descriptors <= most || performance.now() > end) return descriptors
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

/** What the proxy itself calls an error. */
function errorsOf(log: string): readonly string[] {
  const lines = log.split('\n').filter((line) => /"level":"?(error|fatal|50|60)/.test(line))
  return [...new Set(lines.map((line) => `log: ${/"msg":"[^"]*"/.exec(line)?.[0] ?? line}`))]
}

async function freePorts(): Promise<Ports> {
  const [plain, tls, tcp, v1, v2, grpcUpstream, tcpUpstream] = await Promise.all(Array.from({ length: 7 }, freePort))
  const of = (port = 0): number => port
  return {
    plain: of(plain),
    tls: of(tls),
    tcp: of(tcp),
    v1: of(v1),
    v2: of(v2),
    grpcUpstream: of(grpcUpstream),
    tcpUpstream: of(tcpUpstream),
  }
}
