import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from '../../bench/child.ts'
import { startChild, type Child } from '../running/child.ts'
import { startProxy } from '../running/proxy.ts'
import { callers } from './callers.ts'
import { CA, folder, routes, SERVER_NAME, type Ports } from './folder.ts'
import { errorsOf, replaceFile, type Part } from './part.ts'
import { figuresOf } from './process-figures.ts'

const UPSTREAMS = fileURLToPath(new URL('upstreams-main.ts', import.meta.url))
/** Garbage that V8 has not come to yet is no leak: with a small heap it comes to it soon, and memory tells what is held. */
const SMALL_HEAP = '--max-old-space-size=64'

/** A gateway on a folder, with listeners of all sorts. */
export async function startLoneProxy(): Promise<Part> {
  const dir = mkdtempSync(join(tmpdir(), 'mesh-soak-'))
  const ports = await freePorts()
  const { v1, v2, grpcUpstream, tcpUpstream } = ports
  const upstreams = await startChild([process.execPath, UPSTREAMS, ...[v1, v2, grpcUpstream, tcpUpstream].map(String)], grpcUpstream)
  const config = join(dir, 'config')
  const proxy = await startProxy({ dir: config, files: folder(ports), port: ports.tls, keep: false, nodeArgs: [SMALL_HEAP] })
  await started(proxy)
  return {
    processes: [{ name: 'gateway', pid: proxy.pid }],
    callers: callers({ plainPort: ports.plain, tlsPort: ports.tls, tcpPort: ports.tcp, ca: CA, servername: SERVER_NAME }),
    change: (turn) => replaceFile(join(config, 'routes.yaml'), routes(turn)),
    async stop() {
      const code = await proxy.stop()
      await upstreams.stop()
      rmSync(dir, { recursive: true, force: true })
      return [...(code === 0 ? [] : [`the gateway ended with ${code}`]), ...errorsOf(proxy.stderr())]
    },
  }
}

/** Resolves once the proxy says that it serves, and opens nothing more. */
async function started(proxy: Child): Promise<void> {
  for (let [known, same] = [0, 0]; same < STILL;) {
    await new Promise((resolve) => setTimeout(resolve, 200))
    const { descriptors } = figuresOf(proxy.pid)
    same = descriptors === known && proxy.stderr().includes('"serving"') ? same + 1 : 0
    known = descriptors
  }
}

const STILL = 5

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
