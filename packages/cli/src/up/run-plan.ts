import { fileURLToPath } from 'node:url'
import { warnings } from './announce.ts'
import { createAttempt } from './attempt.ts'
import { controlHandler } from './control/handle.ts'
import { startControl, type ControlServer } from './control/server.ts'
import { socketPath } from './control/socket-path.ts'
import { createFindingWatch, type FindingWatch } from './finding-watch.ts'
import { runningFleet } from './fleet/running-fleet.ts'
import { untilSynced } from './fleet/synced.ts'
import { SYNC_PATIENCE_MS } from './limits.ts'
import { noteLogTimes } from './log-times.ts'
import { boundLogs } from './logs.ts'
import type { Planner } from './make-plan.ts'
import type { Plan, PlannedWorkload } from './plan.ts'
import { issueTokens, writeRunFolder } from './prepare.ts'
import { proxyProcess } from './run-file.ts'
import { forgetRunning, noteRunning } from './running-index.ts'
import { gatewayPage, greeting } from './screen/greeting.ts'
import { Progress } from './screen/progress.ts'
import { Supervisor } from './supervisor.ts'
import type { KnownMesh } from './take-up.ts'
import type { UpOptions } from './up.ts'
import { whyNot } from './why-not.ts'

export interface RunPlanOptions extends UpOptions {
  readonly known: KnownMesh
  readonly planner: Planner
  readonly plan: Plan
  /** `127.64`. */
  readonly block: string
  /** When the start began, monotonic. */
  readonly startedMs: number
}

/** Runs a mesh as planned until its signal aborts or another terminal ends it. */
export async function runPlan(options: RunPlanOptions): Promise<void> {
  const { plan, say, cwd, block } = options
  for (const line of warnings(plan)) say(line)
  writeRunFolder(plan)
  const launch = launchOf(options)
  const attempt = createAttempt(say)
  const tokens = issueTokens(launch, attempt)
  const stopLogs = [boundLogs(plan.folders.logs, attempt), noteLogTimes(plan.folders.logs, attempt)]
  const path = socketPath(plan.folders.root)
  const progress = progressOf(options)
  const onReady = (process: string): void => progress.ready(process)
  const onLate = (process: string): void => say(`Not ready: ${process}: ${whyNot(process, supervisor)}`)
  const supervisor = new Supervisor({ launch, block, control: path, startedAt: new Date().toISOString(), say, attempt, onReady, onLate })
  const stopping = stopper(options, supervisor)
  const fleet = runningFleet({ launch, planner: options.planner, supervisor, tokens })
  const handle = controlHandler({ launch, known: options.known, supervisor, fleet, ...stopping })
  const watch = createFindingWatch({ monitoring: supervisor.synced.monitoring, cwd, say })
  const control = await openControl({ path, root: plan.folders.root, handle, say })
  noteRunning(plan.dir, block, options.env)
  options.onRunning?.((signal) => supervisor.signalApplications(signal))
  try {
    const missing = await supervisor.start()
    if (!stopping.signal.aborted) {
      await announce({ progress, watch, supervisor, options })
      for (const process of missing) void tellWhenReady({ process, supervisor, options, signal: stopping.signal })
      watch.follow(stopping.signal)
    }
    await stopping.stopped
  } finally {
    await supervisor.stop()
    tokens.stop()
    for (const stop of stopLogs) stop()
    await control?.close()
    forgetRunning(plan.dir, options.env)
  }
  options.show?.(undefined)
  say(`${plan.name} has stopped.`)
}

function progressOf({ plan, show = () => {}, startedMs, before = [] }: RunPlanOptions): Progress {
  return new Progress({ plan, show, before, elapsedMs: () => performance.now() - startedMs })
}

function launchOf({ plan, appsDir, env }: RunPlanOptions) {
  return { plan, appsDir, env, compileCache: fileURLToPath(new URL('../node_modules/.cache/mesh-node', appsDir)) }
}

interface Stopping {
  /** Aborts when the mesh is told to end, from wherever. */
  readonly signal: AbortSignal
  stop(): Promise<void>
  readonly stopped: Promise<void>
}

function stopper({ signal, hurry, show }: RunPlanOptions, supervisor: Supervisor): Stopping {
  const asked = new AbortController()
  const any = AbortSignal.any([signal, asked.signal])
  const stopped = new Promise<void>((resolve, reject) => {
    const stop = (): void => {
      show?.('Stopping; Ctrl-C once more ends everything at once.')
      supervisor.stop().then(resolve, reject)
    }
    if (any.aborted) stop()
    any.addEventListener('abort', stop, { once: true })
  })
  hurry?.addEventListener('abort', () => supervisor.hurry(), { once: true })
  return {
    signal: any,
    stopped,
    stop: () => {
      asked.abort()
      return stopped
    },
  }
}

/** A mesh runs also where there can be no socket. */
async function openControl(
  options: Parameters<typeof startControl>[0] & { readonly say: (line: string) => void },
): Promise<ControlServer | undefined> {
  try {
    return await startControl(options)
  } catch (error) {
    options.say(`Other terminals cannot restart, scale or stop this mesh: ${error instanceof Error ? error.message : String(error)}.`)
    return undefined
  }
}

interface Started {
  readonly progress: Progress
  readonly watch: FindingWatch
  readonly supervisor: Supervisor
  readonly options: RunPlanOptions
}

/** Tells how the start went, what is wrong with the configuration, and where to go from here. */
async function announce({ progress, watch, supervisor, options }: Started): Promise<void> {
  const { plan, say } = options
  const { count } = await untilSynced({ ...supervisor.synced, signal: AbortSignal.timeout(SYNC_PATIENCE_MS) })
  say(progress.end(count))
  await watch.look()
  const isReady = ({ name }: PlannedWorkload): boolean => supervisor.health.of(name)?.hindrances.includes('proxy') === false
  for (const line of greeting(plan, { ...options, isReady })) say(line)
}

interface Late {
  readonly process: string
  readonly supervisor: Supervisor
  readonly options: RunPlanOptions
  readonly signal: AbortSignal
}

/** What was not ready at the start is told when it is, a gateway with its address. */
async function tellWhenReady({ process, supervisor, options, signal }: Late): Promise<void> {
  if (!(await supervisor.untilBack(process, signal)) || signal.aborted) return
  const gateway = options.plan.workloads.find((one) => one.kind === 'gateway' && proxyProcess(one.name) === process)
  options.say(`${process} is ready now${gateway === undefined ? '' : `: ${gatewayPage(gateway)}`}`)
}
