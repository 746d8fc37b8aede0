import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { claimBlock, ownerOf } from './address-block.ts'
import { announcement, warnings } from './announce.ts'
import { createFindingWatch } from './finding-watch.ts'
import { noteLogTimes } from './log-times.ts'
import { boundLogs } from './logs.ts'
import { createPlanner, type PlanInput } from './make-plan.ts'
import type { MeshFile } from './mesh-file.ts'
import { openMesh } from './open-mesh.ts'
import { foldersOf, type Plan } from './plan.ts'
import { issueTokens, writeRunFolder } from './prepare.ts'
import { readServices } from './read-services.ts'
import type { RunFile } from './run-file.ts'
import { endLeftovers } from './stale.ts'
import { Supervisor } from './supervisor.ts'

export interface UpOptions {
  /** Folder of a mesh.yaml, or such a file. */
  readonly path: string
  readonly ca: boolean
  readonly telemetry: boolean
  /** Folder in which each binary of the mesh has its own. */
  readonly appsDir: URL
  /** How to call meshctl here, for the hints. */
  readonly meshctl: string
  readonly env: NodeJS.ProcessEnv
  readonly cwd: string
  readonly say: (line: string) => void
  /** Takes a line about why nothing starts. */
  readonly complain: (line: string) => void
  /** Stops the mesh when it aborts. */
  readonly signal: AbortSignal
}

/** Runs the mesh of a folder until it is told to stop; answers the exit code. */
export async function up(options: UpOptions): Promise<number> {
  const startedMs = performance.now()
  const opened = openMesh(options.path, options.cwd)
  if (opened.kind === 'refused') return refuse(options, opened.reasons)
  const { mesh, dir } = opened
  const other = await runningMesh(dir)
  if (other !== undefined) return refuse(options, [`A mesh of this folder runs already (process ${other}): stop it first.`])
  const claimed = await claimBlock(dir)
  if (claimed.kind === 'refused') return refuse(options, [claimed.reason])
  try {
    const left = await endLeftovers(foldersOf(dir).root)
    if (left > 0) options.say(`Ended ${left} processes that an earlier run had left behind.`)
    const plan = await planOf(mesh, dir, { ...options, block: claimed.block })
    return await run(plan, { ...options, block: claimed.block.prefix, startedMs })
  } finally {
    claimed.block.release()
  }
}

function planOf(mesh: MeshFile, dir: string, options: Pick<PlanInput, 'block' | 'ca' | 'telemetry'>): Promise<Plan> {
  const services = readServices(mesh.config.map((folder) => resolve(dir, folder)))
  return createPlanner({ mesh, dir, services, block: options.block, ca: options.ca, telemetry: options.telemetry }).plan()
}

async function run(plan: Plan, options: UpOptions & { readonly block: string; readonly startedMs: number }): Promise<number> {
  const { say, signal } = options
  for (const line of warnings(plan)) say(line)
  say(`Starting ${plan.name} ...`)
  writeRunFolder(plan)
  const stopTokens = issueTokens(plan)
  const stopLogs = boundLogs(plan.folders.logs)
  const stopLogTimes = noteLogTimes(plan.folders.logs)
  const compileCache = fileURLToPath(new URL('../node_modules/.cache/mesh-node', options.appsDir))
  const launch = { plan, appsDir: options.appsDir, env: options.env, compileCache }
  const supervisor = new Supervisor({ launch, block: options.block, startedAt: new Date().toISOString(), say })
  const watch = createFindingWatch({ monitoring: `http://${plan.pilot.address}:${plan.pilot.monitoringPort}`, cwd: options.cwd, say })
  const stopped = new Promise<void>((resolve, reject) => {
    const stop = (): void => void supervisor.stop().then(resolve, reject)
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
  })
  try {
    const missing = await supervisor.start()
    if (!signal.aborted) {
      await watch.look()
      announce(plan, missing, options)
      watch.follow(signal)
    }
    await stopped
  } finally {
    await supervisor.stop()
    stopTokens()
    stopLogs()
    stopLogTimes()
  }
  say(`${plan.name} has stopped.`)
  return 0
}

function announce(plan: Plan, missing: readonly string[], options: UpOptions & { readonly startedMs: number }): void {
  const { say, cwd, meshctl, startedMs } = options
  for (const line of announcement(plan, { tookMs: performance.now() - startedMs, cwd, meshctl })) say(line)
  for (const name of missing) say(`Not ready: ${name} (see ${plan.folders.logs})`)
}

/** The process that runs a mesh of this folder now: the block it noted must still be held by this folder. */
async function runningMesh(dir: string): Promise<number | undefined> {
  try {
    const { block, pid } = JSON.parse(readFileSync(join(foldersOf(dir).root, 'run.json'), 'utf8')) as RunFile
    return (await ownerOf(block)) === dir ? pid : undefined
  } catch {
    return undefined
  }
}

function refuse(options: UpOptions, reasons: readonly string[]): number {
  for (const reason of reasons) options.complain(reason)
  return 1
}
