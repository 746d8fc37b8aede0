import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { View } from '../../../packages/core/src/view/index.ts'
import { openViewStore } from '../../../packages/proxy/src/state/view-store.ts'
import { freePort, runningOf, startServer } from '../child.ts'
import { CLIENT, SERVER } from '../pki.ts'
import { inboundView, outboundView, type Hop } from './mesh-view.ts'
import type { Peer, Running, Site } from './peer.ts'
import { sourceArgs } from '../../setup/node.mjs'
import { ensurePack } from '../../setup/pack/ensure.mjs'

const ROOT = resolve(import.meta.dirname, '../../..')
const MAIN = join(ROOT, 'apps/mesh-proxy/src/main.ts')
const MANIFEST = new URL('../../../packages/proxy/package.json', import.meta.url)

/** Two of ours that speak HTTP/1.1 between them. */
export function meshByHttp1(): Peer {
  return { ...mesh('fast', undefined, 'http/1.1'), name: 'mesh-fast-h1', setups: ['mtls'], onDemand: true }
}

/** Our sidecar process on either plug, started from a stored view, as in a mesh whose access log is off. `profileDir` takes a V8 CPU profile. */
export function mesh(io: 'fast' | 'portable', profileDir?: string, hop?: Hop): Peer {
  return {
    name: `mesh-${io}`,
    setups: ['plain', 'mtls', 'h2', 'tcp', 'fresh'],
    leavesOut: 'nothing; access log and span export are off, as the defaults are',
    compiles: true,
    missing: () => (process.platform === 'linux' ? undefined : 'Linux'),
    version: () => {
      const { version } = JSON.parse(readFileSync(MANIFEST, 'utf8')) as { readonly version: string }
      return `${version} (node ${process.version}, OpenSSL ${process.versions.openssl})`
    },
    start: async (site) => {
      await (primed ??= prime(site))
      const port = await freePort()
      if (site.setup !== 'mtls') return one({ site, io, account: CLIENT, profileDir, port, view: outboundView(site, port) })
      const inner = await one({ site, io, account: SERVER, profileDir, port, view: inboundView(site, port) })
      const entry = await freePort()
      const view = outboundView({ ...site, upstreamPort: port }, entry, hop)
      const outer = await one({ site, io, account: CLIENT, profileDir, port: entry, view })
      return {
        port: entry,
        pids: [...outer.pids, ...inner.pids],
        server: inner,
        stop: async () => void (await Promise.all([outer.stop(), inner.stop()])),
      }
    },
  }
}

/** Where Node keeps compiled code from one start to the next, as the supervisor of a mesh has it. */
const COMPILE_CACHE = join(tmpdir(), 'mesh-bench-compile-cache')

let primed: Promise<void> | undefined

/** What strips types and compiles stays behind in the process that does it: the ones that are measured find all of it done. */
async function prime(site: Site): Promise<void> {
  const unpacked = ensurePack(ROOT, { node: process.execPath, version: process.version })
  if (unpacked !== undefined) throw new Error(unpacked)
  const port = await freePort()
  const view = outboundView({ ...site, setup: 'plain' }, port)
  const first = await one({ site: { ...site, pki: undefined }, io: 'auto', account: 'first', profileDir: undefined, port, view })
  await first.stop()
}

interface Sidecar {
  readonly site: Site
  readonly io: string
  readonly account: string
  readonly profileDir: string | undefined
  readonly port: number
  readonly view: View
}

async function one({ site, io, account, profileDir, port, view }: Sidecar): Promise<Running> {
  const dir = join(site.dir, account)
  mkdirSync(dir, { recursive: true })
  const node = nodeOf(account)
  storeView(dir, `${node.name}.${node.namespace}`, view)
  const { pki } = site
  const [admin, health, metrics, pilot] = [await freePort(), await freePort(), await freePort(), await freePort()]
  const settings = {
    node,
    adminAddress: '127.0.0.1',
    ports: { admin, health, metrics },
    pilotAddress: `127.0.0.1:${pilot}`,
    identity: pki === undefined ? null : { caAddress: pki.caAddress, tokenFile: pki.tokenFile(account), rootFile: pki.rootFile },
    stateDir: '.',
    logLevel: 'silent',
    io,
  }
  const file = join(dir, 'settings.json')
  writeFileSync(file, JSON.stringify(settings))
  const profile = profileDir === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDir}`]
  const env = { ...process.env, NODE_COMPILE_CACHE: COMPILE_CACHE }
  // As the supervisor of a mesh starts it.
  const command = [
    process.execPath,
    ...profile,
    ...sourceArgs(ROOT),
    '--use-openssl-ca',
    '--max-semi-space-size=4',
    MAIN,
    '--settings',
    file,
  ]
  return runningOf(port, await startServer('tested', command, port, { env }))
}

function nodeOf(account: string) {
  return {
    kind: 'sidecar',
    name: `${account}-v1-0`,
    namespace: 'default',
    serviceAccount: account,
    workload: `${account}-v1`,
    labels: { app: account, version: 'v1' },
    address: '127.0.0.1',
  }
}

function storeView(dir: string, node: string, view: View): void {
  const onProblem = (problem: string): void => {
    throw new Error(problem)
  }
  const store = openViewStore({ dir, node, onProblem })
  store.save(view)
  store.flush()
}
