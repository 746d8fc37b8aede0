import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compileView, nodesOf } from '@mesh/core/compile'
import { buildSnapshot, type Snapshot } from '@mesh/core/snapshot'
import type { NodeSelf } from '@mesh/core/view'
import type { RunFile, RunningWorkload } from '../up/run-file.ts'

/** What a mesh of two workloads and a gateway answers: the pages of pilot and of each proxy, on real sockets. */
export class SmallMesh {
  readonly dir = mkdtempSync(join(tmpdir(), 'meshctl-'))
  readonly snapshot: Snapshot
  readonly #clusters: unknown
  readonly #servers: Server[] = []

  /** `clusters`: what each proxy says of its clusters at `/clusters?format=json`. */
  constructor(config: string, clusters: unknown = undefined) {
    this.#clusters = clusters
    this.snapshot = buildSnapshot({ sources: [{ file: 'mesh.yaml', text: config }] })
  }

  /** Answers the pages, and says so in `.mesh/run.json`. */
  async start(): Promise<void> {
    const nodes = nodesOf(this.snapshot)
    const workloads = await Promise.all(nodes.map((node) => this.#workload(node)))
    const pilot = await this.#serve({
      '/debug/syncz': nodes.map((node) => this.status(node)),
      '/debug/snapshot': { hash: this.snapshot.hash },
      '/version': { version: '9.8.7' },
    })
    const run = {
      name: 'small',
      pid: process.pid,
      state: 'ready',
      mtls: true,
      gateways: [{ name: 'ingress', namespace: 'istio-system', url: 'http://localhost:8080', page: null, ports: { 80: 8080 } }],
      pilot: { address: '127.0.0.1', monitoring: pilot, xds: '127.0.0.1:1', pid: process.pid },
      ca: null,
      telemetry: null,
      workloads,
    } satisfies Partial<RunFile>
    mkdirSync(join(this.dir, '.mesh'), { mode: 0o700 })
    writeFileSync(join(this.dir, '.mesh/run.json'), JSON.stringify(run), { mode: 0o600 })
  }

  /** How pilot tells of a node that has taken everything. */
  status(node: NodeSelf) {
    const { hash } = this.snapshot
    const type = (name: string) => ({ type: name, state: 'SYNCED', ackedSnapshot: hash, sentSnapshot: hash, resources: 1 })
    return { node, mode: 'delta', snapshot: hash, types: ['CDS', 'EDS', 'LDS', 'RDS', 'WDS'].map(type) }
  }

  async stop(): Promise<void> {
    await Promise.all(this.#servers.map((server) => new Promise((closed) => server.close(closed))))
    rmSync(this.dir, { recursive: true, force: true })
  }

  async #workload(node: NodeSelf): Promise<RunningWorkload> {
    const admin = await this.#serve({
      '/view': compileView(this.snapshot, node),
      '/server_info': { version: '9.8.6', node: { id: node.name, metadata: node } },
      '/clusters?format=json': this.#clusters,
      '/certs': CERTS,
      '/config_dump': { configs: [{ '@type': 'type.googleapis.com/envoy.admin.v3.BootstrapConfigDump', bootstrap: { node: node.name } }] },
      '/logging?level=warn': 'active loggers: warn',
    })
    const proxy = { pid: process.pid, admin, metrics: admin, health: admin, outbound: admin, settingsFile: '' }
    const { name, namespace, workload, serviceAccount, labels, address } = node
    return { name, namespace, workload, serviceAccount, labels, address, app: null, proxy, logs: { app: '', proxy: '', access: '' } }
  }

  async #serve(pages: Readonly<Record<string, unknown>>): Promise<string> {
    const server = createServer((request, response) => {
      const page = pages[request.url ?? '']
      response.writeHead(page === undefined ? 404 : 200, { connection: 'close' }).end(JSON.stringify(page))
    })
    this.#servers.push(server)
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }
}

const CERTS = {
  certificates: [
    {
      ca_cert: [{ path: '<inline>', serial_number: '0a', valid_from: '2020-01-01T00:00:00Z', expiration_time: '2020-01-02T00:00:00Z' }],
      cert_chain: [
        {
          serial_number: '0b',
          subject_alt_names: [{ uri: 'spiffe://cluster.local/ns/default/sa/reviews' }],
          valid_from: '2020-01-01T00:00:00Z',
          expiration_time: '2199-01-01T00:00:00Z',
        },
      ],
    },
  ],
}
