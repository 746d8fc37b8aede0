import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { claimBlock, ownerOf } from './address-block.ts'
import { createPlanner, type Planner, type PlanInput } from './make-plan.ts'
import type { MeshFile } from './mesh-file.ts'
import { openMesh } from './open-mesh.ts'
import { foldersOf } from './plan.ts'
import { readServices } from './read-services.ts'
import type { RunFile } from './run-file.ts'
import { runPlan } from './run-plan.ts'
import { forgetRunning } from './running-index.ts'
import { endLeftovers, forgetRun } from './stale.ts'

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
  /** Takes what goes on at this moment, undefined when there is nothing more to tell. */
  readonly show?: (status: string | undefined) => void
  /** Takes a line about why nothing starts. */
  readonly complain: (line: string) => void
  /** Stops the mesh when it aborts. */
  readonly signal: AbortSignal
  /** Ends at once what still stops when it aborts. */
  readonly hurry?: AbortSignal
  /** Is handed what passes a signal on to all applications. */
  readonly onRunning?: (signalApplications: (signal: NodeJS.Signals) => void) => void
  /** What was done before, and since when (monotonic, ms): the start counts from there. */
  readonly before?: readonly string[]
  readonly sinceMs?: number
}

/** Runs the mesh of a folder until it is told to stop; answers the exit code. */
export async function up(options: UpOptions): Promise<number> {
  const startedMs = options.sinceMs ?? performance.now()
  const opened = openMesh(options.path, options.cwd)
  if (opened.kind === 'refused') return refuse(options, opened.reasons)
  const { mesh, dir } = opened
  const other = await runningMesh(dir)
  if (other !== undefined) return refuse(options, [`A mesh of this folder runs already (process ${other}): \`meshctl down\` stops it.`])
  const claimed = await claimBlock(dir)
  if (claimed.kind === 'refused') return refuse(options, [claimed.reason])
  let planner: Planner | undefined
  try {
    const { root } = foldersOf(dir)
    forgetRun(root)
    forgetRunning(dir, options.env)
    const left = await endLeftovers(root)
    if (left > 0) options.say(`Ended ${left} processes that an earlier run had left behind.`)
    planner = plannerOf(mesh, dir, { ...options, block: claimed.block })
    const known = { mesh, reread: () => openMesh(options.path, options.cwd) }
    await runPlan({ ...options, known, planner, plan: await planner.plan(), block: claimed.block.prefix, startedMs })
    return 0
  } finally {
    planner?.close()
    claimed.block.release()
  }
}

function plannerOf(mesh: MeshFile, dir: string, options: Pick<PlanInput, 'block' | 'ca' | 'telemetry'>): Planner {
  const services = readServices(mesh.config.map((folder) => resolve(dir, folder)))
  return createPlanner({ mesh, dir, services, block: options.block, ca: options.ca, telemetry: options.telemetry })
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
