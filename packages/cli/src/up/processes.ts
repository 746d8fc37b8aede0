import { existsSync } from 'node:fs'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ChildSpec } from './child.ts'
import { appEnvironment, planeEnvironment, type Surroundings } from './environment.ts'
import type { PlannedWorkload } from './plan.ts'
import { appProcess, proxyProcess } from './run-file.ts'

/** The binaries of the mesh. */
export type Binary = 'mesh-ca' | 'mesh-pilot' | 'mesh-proxy' | 'mesh-telemetry'

export interface Launch extends Surroundings {
  /** Folder in which each binary has its own. */
  readonly appsDir: URL
}

/** How to start one of the planes. */
export function planeSpec(launch: Launch, name: 'ca' | 'pilot' | 'telemetry'): ChildSpec {
  const log = `${launch.plan.folders.logs}/${name}.log`
  return binarySpec(launch, { name, binary: `mesh-${name}`, settings: name, stdout: log, stderr: log })
}

/** How to start the proxy of a replica. */
export function proxySpec(launch: Launch, workload: PlannedWorkload): ChildSpec {
  const { logs } = launch.plan.folders
  return binarySpec(launch, {
    name: proxyProcess(workload.name),
    binary: 'mesh-proxy',
    settings: workload.name,
    stdout: `${logs}/${workload.name}.access.log`,
    stderr: `${logs}/${workload.name}.proxy.log`,
  })
}

/** How to start the application of a replica, undefined where there is none. */
export function appSpec(launch: Launch, workload: PlannedWorkload): ChildSpec | undefined {
  const { app, name } = workload
  if (app === null || app.command === null) return undefined
  const [command, ...args] = typeof app.command === 'string' ? wordsOf(app.command) : app.command
  if (command === undefined) return undefined
  const log = `${launch.plan.folders.logs}/${name}.app.log`
  const env = appEnvironment(launch, workload, app)
  return { name: appProcess(name), command, args, cwd: launch.plan.dir, env, stdout: log, stderr: log }
}

/** Plain words are the program and its arguments; what only a shell understands goes to one. */
function wordsOf(line: string): readonly string[] {
  return /^[\w./:,@%+=\- ]+$/.test(line) && !/^\S*=/.test(line) ? line.trim().split(/ +/) : ['sh', '-c', line]
}

function binarySpec(
  launch: Launch,
  of: Pick<ChildSpec, 'name' | 'stdout' | 'stderr'> & { readonly binary: Binary; readonly settings: string },
): ChildSpec {
  const { plan } = launch
  return {
    name: of.name,
    command: process.execPath,
    args: [
      ...process.execArgv.filter((arg) => /^--(?:conditions=|import=|require=|experimental-vm-modules$|disable-warning=)/.test(arg)),
      ...(of.binary === 'mesh-pilot' ? [] : OWN_ROOTS),
      ...(of.binary === 'mesh-proxy' ? PROXY_HEAP : []),
      mainOf(launch.appsDir, of.binary),
      '--settings',
      `${plan.folders.settings}/${of.settings}.json`,
    ],
    cwd: plan.dir,
    env: planeEnvironment(launch),
    stdout: of.stdout,
    stderr: of.stderr,
  }
}

/** What a proxy makes for a request is garbage when it is over: a small room for what is young keeps a process small, and costs no more time. */
const PROXY_HEAP = ['--max-semi-space-size=4']

/**
 * They say for each connection whom they trust, so that Node need not read the roots that it trusts itself, in each process anew. Pilot tells these to
 * an Envoy that asks for the roots of the machine.
 */
const OWN_ROOTS = ['--use-openssl-ca']

/** Runs from source when the supervisor does. */
function mainOf(appsDir: URL, binary: Binary): string {
  const fromSource = extname(import.meta.filename) === '.ts'
  const main = fileURLToPath(new URL(fromSource ? `${binary}/src/main.ts` : `${binary}/dist/main.js`, appsDir))
  if (!existsSync(main)) throw new Error(`${main} is missing: the mesh is not fully installed`)
  return main
}
