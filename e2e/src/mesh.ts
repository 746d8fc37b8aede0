import { spawn, type ChildProcess } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { askJson } from './http.ts'
import { cpuSeconds } from './process.ts'
import { COMPILE_CACHE, ROOT, SOURCE } from './root.ts'
import { until } from './wait.ts'

const MESHCTL = [...SOURCE, join(ROOT, 'apps/meshctl/src/main.ts')]

/** Nobody else's mesh on this machine is to be found, and nobody finds those of tests. */
export const ENV = { ...process.env, ...COMPILE_CACHE, MESH_RUNTIME_DIR: join(tmpdir(), `mesh-e2e-runtime-${process.pid}`) }

export interface RunningWorkload {
  readonly name: string
  readonly namespace: string
  readonly workload: string
  readonly serviceAccount: string
  readonly address: string
  readonly app: { readonly pid: number; readonly port: number } | null
  readonly proxy: {
    readonly pid: number
    readonly admin: string
    readonly metrics: string
    readonly health: string
    readonly outbound: string
    readonly settingsFile: string
  } | null
}

export interface RunFile {
  readonly pid: number
  readonly state: 'starting' | 'ready' | 'stopping'
  readonly mtls: boolean
  readonly gateways: readonly { readonly name: string; readonly url: string }[]
  readonly pilot: { readonly address: string; readonly monitoring: string; readonly xds: string; readonly pid: number }
  readonly ca: null | { readonly address: string; readonly monitoring: string; readonly pid: number }
  readonly telemetry: null | { readonly url: string; readonly pid: number }
  readonly workloads: readonly RunningWorkload[]
}

/** A row of pilot's `/debug/syncz`. */
interface SyncRow {
  readonly node: { readonly name: string; readonly namespace: string }
  readonly snapshot: string
  readonly types: readonly { readonly type: string; readonly state: string }[]
}

/** A mesh that runs as a user would run it: the sample in a copy of its folder, or that of another folder. */
export class Mesh {
  readonly dir: string
  readonly process: ChildProcess
  output = ''

  private constructor(dir: string, args: readonly string[]) {
    this.dir = dir
    this.process = spawn(process.execPath, [...MESHCTL, 'up', dir, ...args], { env: ENV, stdio: ['ignore', 'pipe', 'pipe'] })
    this.process.stdout?.on('data', (piece: Buffer) => (this.output += piece.toString()))
    this.process.stderr?.on('data', (piece: Buffer) => (this.output += piece.toString()))
  }

  static async start(args: readonly string[] = [], prepare: (dir: string) => void = () => {}): Promise<Mesh> {
    const dir = mkdtempSync(join(tmpdir(), 'mesh-e2e-'))
    cpSync(join(ROOT, 'samples/bookshop'), dir, { recursive: true, filter: (from) => !from.includes('.mesh') })
    prepare(dir)
    return Mesh.startIn(dir, args)
  }

  /** The mesh of a folder, which goes when it is stopped. */
  static async startIn(dir: string, args: readonly string[] = []): Promise<Mesh> {
    const mesh = new Mesh(dir, args)
    const ended = new Promise<never>((_resolve, reject) => {
      mesh.process.once('exit', (code) => reject(new Error(`meshctl up ended with ${code}`)))
    })
    const ready = until('the mesh to be ready', () => mesh.isReady, 60_000)
    try {
      await Promise.race([ready, ended])
    } catch (error) {
      const used = cpuSeconds(mesh.process.pid ?? 0)
      const status = await meshctlIn(dir, 'status')
      mesh.process.kill('SIGKILL')
      ready.catch(() => undefined)
      rmSync(dir, { recursive: true, force: true })
      throw new Error(`${String(error)}\n${used} s of processor time\n${status.stdout}${status.stderr}\n${mesh.output}`, { cause: error })
    }
    ended.catch(() => undefined)
    return mesh
  }

  /** A killed mesh of the same folder may have left its run file. */
  get isReady(): boolean {
    const { state, pid } = this.run()
    return state === 'ready' && pid === this.process.pid
  }

  run(): RunFile {
    return JSON.parse(readFileSync(join(this.dir, '.mesh/run.json'), 'utf8')) as RunFile
  }

  get ingress(): string {
    const gateway = this.run().gateways[0]
    if (gateway === undefined) throw new Error('no gateway')
    return gateway.url
  }

  workload(name: string): RunningWorkload {
    const found = this.run().workloads.find((one) => one.workload === name || one.name === name)
    if (found === undefined) throw new Error(`no workload ${name}`)
    return found
  }

  proxy(name: string): NonNullable<RunningWorkload['proxy']> {
    const { proxy } = this.workload(name)
    if (proxy === null) throw new Error(`${name} has no proxy`)
    return proxy
  }

  /** Text of a file in the mesh's folder. */
  read(path: string): string {
    return readFileSync(join(this.dir, path), 'utf8')
  }

  accessLog(name: string): string[] {
    return this.read(`.mesh/logs/${this.workload(name).name}.access.log`)
      .split('\n')
      .filter((line) => line !== '')
  }

  /** The first line of a proxy's access log that fits, once it is written: lines leave in batches. */
  logged(name: string, fits: (line: string) => boolean): Promise<string> {
    return until(`a line in the access log of ${name}`, () => this.accessLog(name).find(fits), 5_000)
  }

  /** Saves a file of the mesh's configuration and waits until every proxy serves the snapshot that holds it. */
  async save(path: string, text: string): Promise<void> {
    const before = await this.snapshot()
    writeFileSync(join(this.dir, 'config', path), text)
    await this.synced(before)
  }

  async remove(path: string): Promise<void> {
    const before = await this.snapshot()
    rmSync(join(this.dir, 'config', path))
    await this.synced(before)
  }

  async snapshot(): Promise<string> {
    return (await askJson<{ hash: string }>(`${this.run().pilot.monitoring}/debug/snapshot`)).hash
  }

  /** Waits until pilot has left the snapshot `before` and every proxy has accepted all that it was sent of the new one. */
  async synced(before?: string): Promise<void> {
    await until('all proxies to be in sync', async () => {
      const hash = await this.snapshot()
      if (hash === before) throw new Error(`pilot still serves ${hash}`)
      const clients = await askJson<readonly SyncRow[]>(`${this.run().pilot.monitoring}/debug/syncz`)
      const proxies = this.run().workloads.filter((one) => one.proxy !== null)
      const late = proxies.filter(({ name, namespace }) => {
        const row = clients.find((client) => client.node.name === name && client.node.namespace === namespace && client.snapshot === hash)
        return row === undefined || row.types.some((type) => type.state !== 'SYNCED' && type.state !== 'NOT SENT')
      })
      if (late.length > 0) throw new Error(`not on ${hash}: ${late.map(({ name }) => name).join(', ')} of ${JSON.stringify(clients)}`)
      return true
    })
  }

  /** `meshctl ARGS` in the mesh's folder. */
  meshctl(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
    return meshctlIn(this.dir, ...args)
  }

  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      const gone = new Promise((resolve) => this.process.once('exit', resolve))
      this.process.kill(signal)
      await gone
    }
    rmSync(this.dir, { recursive: true, force: true })
    return this.process.exitCode
  }
}

/** `meshctl ARGS` in a folder. */
export function meshctlIn(dir: string, ...args: string[]): ReturnType<typeof run> {
  return run([...MESHCTL, ...args], dir)
}

export function run(args: readonly string[], cwd: string): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, args, { cwd, env: ENV, stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (piece: Buffer) => (stdout += piece.toString()))
  child.stderr.on('data', (piece: Buffer) => (stderr += piece.toString()))
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })))
}
