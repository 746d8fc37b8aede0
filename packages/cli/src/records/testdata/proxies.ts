import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RunFile, RunningWorkload } from '../../up/run-file.ts'
import type { SeenRecord } from '../seen-record.ts'
import { aRecord, aWorkload, who } from './a-record.ts'

/** What a stand-in for a proxy remembers. */
export class Memory {
  startedMs = 1
  first = 1
  records: SeenRecord[] = []
  server: Server | undefined
  readonly workload: string
  readonly pageSize: number
  #onAsked: () => void = () => undefined
  /** Resolves when somebody knows from where to follow. */
  readonly asked = new Promise<void>((resolve) => (this.#onAsked = resolve))
  #questions = 0

  constructor(workload: string, pageSize: number) {
    this.workload = workload
    this.pageSize = pageSize
  }

  get next(): number {
    return this.first + this.records.length
  }

  add(more: Partial<SeenRecord> = {}): void {
    this.records.push(aRecord({ self: who(this.workload), ...more, seq: this.next }))
  }

  /** The oldest are forgotten. */
  forget(count: number): void {
    this.records.splice(0, count)
    this.first += count
  }

  restart(startedMs: number): void {
    Object.assign(this, { startedMs, first: 1, records: [] })
  }

  page(search: URLSearchParams): unknown {
    if (++this.#questions === 2) this.#onAsked()
    const after = search.get('after')
    const id = search.get('id')
    const fits = this.records.filter(
      ({ requestId, trace }) => id === null || [requestId, trace?.traceId].some((one) => one?.startsWith(id)),
    )
    const limit = Math.min(Number(search.get('limit') ?? this.pageSize), this.pageSize)
    const records =
      after === null ? fits.slice(Math.max(0, fits.length - limit)) : fits.filter(({ seq }) => seq > Number(after)).slice(0, limit)
    const [oldest] = this.records
    const { startedMs, first, next } = this
    return { startedMs, first, next, records, ...(oldest === undefined ? {} : { oldestMs: oldest.startMs + oldest.durationMs }) }
  }
}

/** A folder of a running mesh whose proxies are these memories, on real sockets. */
export class MemoryMesh {
  readonly dir = mkdtempSync(join(tmpdir(), 'meshctl-records-'))
  readonly memories = new Map<string, Memory>()
  readonly workloads: RunningWorkload[] = []

  /** Starts a proxy; `pageSize` records at most are in one answer. */
  async start(workload: string, pageSize = 250): Promise<Memory> {
    const memory = new Memory(workload, pageSize)
    const server = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://proxy')
      response.writeHead(pathname === '/records' ? 200 : 404, { connection: 'close' }).end(JSON.stringify(memory.page(searchParams)))
    })
    memory.server = server
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    const admin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const proxy = { pid: process.pid, admin, metrics: admin, health: admin, outbound: admin, settingsFile: '' }
    this.workloads.push(aWorkload(workload, this.workloads.length + 2, { proxy }))
    this.memories.set(workload, memory)
    this.#save()
    return memory
  }

  get run(): RunFile {
    const gateways = [{ name: 'istio-ingressgateway', namespace: 'istio-system', url: '', ports: {} }]
    return { name: 'memories', pid: process.pid, state: 'ready', mtls: true, gateways, workloads: this.workloads } as unknown as RunFile
  }

  /** A proxy that does not answer any more. */
  async silence(workload: string): Promise<void> {
    const server = this.memories.get(workload)?.server
    await new Promise((closed) => server?.close(closed))
  }

  async stop(): Promise<void> {
    await Promise.all([...this.memories.keys()].map((workload) => this.silence(workload)))
    rmSync(this.dir, { recursive: true, force: true })
  }

  #save(): void {
    mkdirSync(join(this.dir, '.mesh'), { recursive: true, mode: 0o700 })
    writeFileSync(join(this.dir, '.mesh/run.json'), JSON.stringify(this.run), { mode: 0o600 })
  }
}
