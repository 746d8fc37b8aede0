import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startChild, type Child, type ChildOptions } from './child.ts'

const MAIN = fileURLToPath(new URL('../../../apps/mesh-proxy/src/main.ts', import.meta.url))

export interface ProxyOptions extends ChildOptions {
  /** File names and their texts, below the folder. */
  readonly files: Readonly<Record<string, string>>
  readonly dir: string
  /** One of those that the files open. */
  readonly port: number
  readonly args?: readonly string[]
  readonly nodeArgs?: readonly string[]
}

/** Starts our proxy on a folder (docs/standalone.md), which is written first. */
export function startProxy({ files, dir, port, args = [], nodeArgs = [], ...options }: ProxyOptions): Promise<Child> {
  mkdirSync(dir, { recursive: true })
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text)
  const ports = ['--health', '0', '--metrics', '0', ...(args.includes('--admin') ? [] : ['--admin', '0'])]
  return startChild([process.execPath, ...nodeArgs, '--conditions=@mesh/source', MAIN, '--config', dir, ...ports, ...args], port, options)
}
