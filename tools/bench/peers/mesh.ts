import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Route, View } from '../../../packages/core/src/view/index.ts'
import { EMPTY_VIEW } from '../../../packages/core/src/view/index.ts'
import { openViewStore } from '../../../packages/proxy/src/state/view-store.ts'
import { freePort, startServer, type Child } from '../child.ts'
import type { Peer, Task } from './peer.ts'

const MAIN = fileURLToPath(new URL('../../../apps/mesh-proxy/src/main.ts', import.meta.url))
const MANIFEST = new URL('../../../packages/proxy/package.json', import.meta.url)

/** Our sidecar process on either plug, started from a stored view: routes, pools, records and metrics as in a mesh, without TLS and access log. */
export function mesh(io: 'fast' | 'portable'): Peer {
  const name = `mesh-${io}`
  return {
    name,
    version: () => (JSON.parse(readFileSync(MANIFEST, 'utf8')) as { version: string }).version,
    start: (task, port) => start(join(task.dir, name), io, task, port),
  }
}

async function start(dir: string, io: string, task: Task, port: number): Promise<Child> {
  mkdirSync(dir, { recursive: true })
  storeView(dir, viewOf(task, port))
  const [admin, health, metrics, pilot] = [await freePort(), await freePort(), await freePort(), await freePort()]
  const settings = {
    node: { ...NODE, labels: { app: 'bench', version: 'v1' } },
    adminAddress: '127.0.0.1',
    ports: { admin, health, metrics },
    pilotAddress: `127.0.0.1:${pilot}`,
    identity: null,
    stateDir: '.',
    logLevel: 'silent',
    io,
  }
  const file = join(dir, 'settings.json')
  writeFileSync(file, JSON.stringify(settings))
  const profile =
    process.env['MESH_BENCH_CPU_PROF'] === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${process.env['MESH_BENCH_CPU_PROF']}`]
  return startServer('tested', [process.execPath, ...profile, '--conditions=@mesh/source', MAIN, '--settings', file], port)
}

const NODE = {
  kind: 'sidecar',
  name: 'bench-v1-0',
  namespace: 'default',
  serviceAccount: 'bench',
  workload: 'bench-v1',
  address: '127.0.0.1',
}

function storeView(dir: string, view: View): void {
  const onProblem = (problem: string): void => {
    throw new Error(problem)
  }
  const store = openViewStore({ dir, node: `${NODE.name}.${NODE.namespace}`, onProblem })
  store.save(view)
  store.flush()
}

function viewOf({ hosts, prefixes, upstreamPort }: Task, port: number): View {
  const filter = {
    kind: 'http',
    statPrefix: 'bench',
    routes: { kind: 'rds', name: 'bench' },
    authz: [],
    forwardProxy: false,
    edge: false,
    accessLog: false,
  } as const
  const endpoints = [{ address: '127.0.0.1', port: upstreamPort, weight: 1, healthy: true }]
  return {
    ...EMPTY_VIEW,
    snapshot: 'bench',
    listeners: [
      {
        name: 'bench',
        address: '127.0.0.1',
        port,
        direction: 'outbound',
        chains: [{ name: 'plain', match: {}, filter }],
        inspectTls: false,
        origins: [],
      },
    ],
    routes: [
      {
        name: 'bench',
        hosts: hosts.map((host) => ({
          name: host,
          domains: [host],
          routes: [...prefixes.map((prefix) => route(host, prefix)), route(host, '/')],
        })),
      },
    ],
    clusters: hosts.map((host) => ({
      name: host,
      discovery: { kind: 'static', endpoints },
      balance: 'round-robin',
      connectTimeoutMs: 2000,
      protocol: 'http/1.1',
      service: { name: host.split('.', 1)[0] ?? host, namespace: 'default', host },
    })),
  }
}

function route(cluster: string, prefix: string): Route {
  return {
    name: '',
    match: { path: { kind: 'prefix', value: prefix }, headers: [], query: [] },
    action: { kind: 'forward', clusters: [{ cluster, weight: 1 }] },
    timeoutMs: 0,
  }
}
