import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { buildSnapshot, objectVersion, type Snapshot } from '@mesh/core/snapshot'
import { configFiles } from '../store/config-files.ts'
import { meshctl, type Answer } from './meshctl.ts'

/** A proxy on paper, and how it stands to everything. */
export interface PaperProxy {
  readonly name: string
  readonly namespace: string
  readonly state: 'serving' | 'lagging' | 'refused'
  readonly reason?: string
}

/** A mesh of files, and of a pilot that takes them up when it is asked; its proxies are what a test says. */
export class StoreMesh {
  readonly dir = mkdtempSync(join(tmpdir(), 'meshctl-'))
  proxies: readonly PaperProxy[] = [{ name: 'reviews-0', namespace: 'default', state: 'serving' }]
  #server: Server | undefined

  async start(files: Readonly<Record<string, string>>): Promise<void> {
    for (const [path, text] of Object.entries(files)) this.write(path, text)
    const server = createServer((request, response) => {
      const url = new URL(request.url ?? '/', 'http://pilot')
      response.writeHead(200, { connection: 'close' }).end(JSON.stringify(this.#page(url)))
    })
    this.#server = server
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    const monitoring = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const run = {
      name: 'paper',
      pid: process.pid,
      state: 'ready',
      configDirs: [join(this.dir, 'config')],
      gateways: [],
      workloads: [],
      pilot: { monitoring },
    }
    this.write('.mesh/run.json', JSON.stringify(run))
    mkdirSync(join(this.dir, 'config'), { recursive: true })
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.dir, path)), { recursive: true, mode: 0o700 })
    writeFileSync(join(this.dir, path), text, { mode: 0o600 })
  }

  read(path: string): string {
    return readFileSync(join(this.dir, path), 'utf8')
  }

  meshctl(...args: readonly string[]): Promise<Answer> {
    return meshctl(this.dir, args)
  }

  /** Pilot goes away; its files stay. */
  async silence(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    if (server !== undefined) await new Promise((closed) => server.close(closed))
  }

  async stop(): Promise<void> {
    await this.silence()
    rmSync(this.dir, { recursive: true, force: true })
  }

  #snapshot(): Snapshot {
    return buildSnapshot({ sources: configFiles(join(this.dir, 'config')).map((file) => ({ file, text: readFileSync(file, 'utf8') })) })
  }

  #page({ pathname, searchParams }: URL): unknown {
    const snapshot = this.#snapshot()
    return pathname === '/debug/objects' ? this.#objects(snapshot) : this.#propagation(snapshot, searchParams.getAll('want'))
  }

  #propagation({ objects, hash }: Snapshot, wants: readonly string[]): unknown {
    const versions = new Map(objects.map((one) => [`${one.kind}/${one.meta.namespace}/${one.meta.name}`, objectVersion(one)]))
    const counts = { concerned: this.proxies.length, serving: this.proxies.filter(({ state }) => state === 'serving').length }
    const told = wants.map((want) => {
      const [key = '', version] = want.split('@')
      return { want, taken: (versions.get(key) ?? 'absent') === version, ...counts }
    })
    return { taken: told.every(({ taken }) => taken), snapshot: hash, sequence: 1, objects: told, ...counts, proxies: this.proxies }
  }

  #objects({ objects, hash, findings }: Snapshot): unknown {
    const behind = (state: PaperProxy['state']): unknown =>
      this.proxies.filter((one) => one.state === state).map(({ name, namespace, reason }) => ({ name: `${name}.${namespace}`, reason }))
    const counts = { concerned: this.proxies.length, serving: this.proxies.filter(({ state }) => state === 'serving').length }
    const conditions = [{ type: 'Reconciled', status: 'True', reason: 'Served', message: 'on paper', observedGeneration: 3 }]
    const known = objects.map((one) => ({
      kind: one.kind,
      namespace: one.meta.namespace,
      name: one.meta.name,
      version: objectVersion(one),
      generation: 3,
      status: {
        observedGeneration: 3,
        conditions,
        validationMessages: findings
          .filter(({ origin }) => origin.kind === one.kind && origin.name === one.meta.name)
          .map(({ code, message, origin }) => ({
            type: { code },
            level: 'WARNING',
            message,
            place: `${origin.file}:${origin.line}:${origin.column}`,
          })),
        proxies: { ...counts, lagging: behind('lagging'), refused: behind('refused') },
      },
    }))
    return { snapshot: hash, objects: known }
  }
}
