import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { COMPILE_CACHE, ROOT, SOURCE } from './root.ts'
import { until } from './wait.ts'

export const MAIN = join(ROOT, 'apps/mesh-proxy/src/main.ts')

interface LogLine {
  readonly level: string
  readonly msg: string
  readonly code?: string
  readonly place?: string
}

/** A proxy that serves a folder, as a process of its own. */
export class Standalone {
  readonly process: ChildProcess
  stdout = ''
  stderr = ''

  constructor(dir: string, args: readonly string[] = [], nodeArgs: readonly string[] = []) {
    const ports = ['--health', '0', '--metrics', '0', ...(args.includes('--admin') ? [] : ['--admin', '0'])]
    this.process = spawn(process.execPath, [...nodeArgs, ...SOURCE, MAIN, '--config', dir, ...ports, ...args], {
      env: { ...process.env, ...COMPILE_CACHE },
    })
    this.process.stdout?.on('data', (piece: Buffer) => (this.stdout += piece.toString()))
    this.process.stderr?.on('data', (piece: Buffer) => (this.stderr += piece.toString()))
  }

  get log(): readonly LogLine[] {
    return this.stderr
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as LogLine)
  }

  /** The first line of the log that fits. */
  logged(what: string, fits: (line: LogLine) => boolean): Promise<LogLine> {
    return until(`a line about ${what} in\n${this.stderr}`, () => this.log.find(fits), 60_000)
  }

  serving(): Promise<LogLine> {
    return this.logged('serving', ({ msg }) => msg === 'serving')
  }

  /** Resolves with the exit code. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      this.process.kill(signal)
      await once(this.process, 'exit')
    }
    return this.process.exitCode
  }
}

/** Ports that nobody listens on now. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map((server) => once(server, 'listening')))
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map((server) => once(server.close(), 'close')))
  return ports
}
