import { isBuiltin } from 'node:module'
import { lastWords } from '../last-words.ts'
import { MAX_FAILED_STARTS, READY_POLL_MAX_MS } from '../limits.ts'
import type { Planner } from '../make-plan.ts'
import type { ProcessEntry } from '../mesh-file.ts'
import { renewApp } from '../plan-replica.ts'
import type { Plan, PlannedWorkload } from '../plan.ts'
import { removeReplicaFiles, writeReplicaFiles, type Tokens } from '../prepare.ts'
import type { Launch } from '../processes.ts'
import { workloadEntry } from '../registry.ts'
import { appProcess, proxyProcess } from '../run-file.ts'
import type { Supervisor } from '../supervisor.ts'
import { untilDrained } from './drained.ts'
import type { Fleet } from './fleet.ts'
import { READY_TIMEOUT_MS } from './limits.ts'
import { untilServed } from './served.ts'

export interface RunningFleetOptions {
  /** Its plan is exchanged when replicas come and go. */
  readonly launch: Omit<Launch, 'plan'> & { plan: Plan }
  readonly planner: Planner
  readonly supervisor: Supervisor
  readonly tokens: Tokens
}

/** The replicas of a mesh that runs, on their real processes. */
export function runningFleet(options: RunningFleetOptions): Fleet {
  const { launch, supervisor } = options
  const { health } = supervisor
  return {
    replicasOf: (workload) => launch.plan.workloads.filter((one) => one.workload === workload),
    hold: (replicas, signal) => {
      for (const { name } of replicas) health.of(name)?.hinder('leaving')
      return served(options, replicas, signal)
    },
    release: (replicas, signal) => {
      for (const { name } of replicas) health.of(name)?.release()
      return served(options, replicas, signal)
    },
    isReady: ({ name }) => health.of(name)?.ready === true,
    untilReady: ({ name }, signal) => untilReady(supervisor, name, signal),
    hindrance: (replica) => hindranceOf(supervisor, replica),
    untilDrained: async ({ address, proxy }, signal) => proxy === null || untilDrained(`http://${address}:${proxy.admin}`, signal),
    stopApp: (replica) => stopApp(supervisor, replica),
    startApp: (replica) => supervisor.startApp(replica),
    stopProxy: (replica) => stopProxy(supervisor, replica),
    startProxy: async (replica, signal) => {
      supervisor.startProxy(replica)
      await supervisor.untilProxyReady(replica, signal)
    },
    replaceProxy: canHandOver() ? (replica, signal) => supervisor.replaceProxy(replica, signal) : undefined,
    adopt: (workload, entry) => adopt(options, workload, entry),
    add: (workload) => add(options, workload),
    remove: (replica) => remove(options, replica),
  }
}

/** Proxies run on this Node, too: sockets go from one to the next where it has `node:ffi`. */
function canHandOver(): boolean {
  return process.platform === 'linux' && isBuiltin('node:ffi') && process.env['MESH_IO'] !== 'portable'
}

/** Waits until the proxies serve what the registry says of replicas. */
function served(
  { launch, supervisor }: RunningFleetOptions,
  replicas: readonly PlannedWorkload[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { pilot, workloads } = launch.plan
  const running = ({ name }: PlannedWorkload): boolean => (supervisor.processState(proxyProcess(name))?.pid ?? 0) > 0
  return untilServed({
    monitoring: `http://${pilot.address}:${pilot.monitoringPort}`,
    entries: replicas.flatMap(({ name }) => entryOf(supervisor, name)),
    isOurs: (proxy) => workloads.some((one) => `${one.name}.${one.namespace}` === proxy && running(one)),
    signal,
  })
}

/** What the registry is to say of a replica. */
function entryOf({ health }: Supervisor, name: string): readonly string[] {
  const one = health.of(name)
  return one === undefined ? [] : [workloadEntry(one.replica, one.ready)]
}

/** Gives up early on what ends again and again. */
async function untilReady(supervisor: Supervisor, name: string, signal: AbortSignal): Promise<boolean> {
  const hopeless = new AbortController()
  const restarts = (): number => supervisor.processState(appProcess(name))?.restarts ?? 0
  const before = restarts()
  const timer = setInterval(() => restarts() - before >= MAX_FAILED_STARTS && hopeless.abort(), READY_POLL_MAX_MS)
  try {
    return await supervisor.health.untilReady(name, AbortSignal.any([signal, hopeless.signal]), ['leaving'])
  } finally {
    clearInterval(timer)
  }
}

function hindranceOf(supervisor: Supervisor, { name, app }: PlannedWorkload): string {
  const health = supervisor.health.of(name)
  const process = supervisor.processState(appProcess(name))
  if (process?.lastEnd !== undefined) {
    const words = lastWords(process.log)
    return `its application ${process.lastEnd}${words === undefined ? '' : ` after ${JSON.stringify(words)}`} (${process.log})`
  }
  if (health?.failure !== undefined) return health.failure
  if (health?.hindrances.includes('starting') === true)
    return `its application does not listen at ${app?.listen?.host}:${app?.listen?.port}`
  return health?.hindrances.includes('proxy') === true ? 'its sidecar is not ready' : 'its application does not run'
}

/** One that somebody started by hand is left to him. */
async function stopApp(supervisor: Supervisor, { name, app }: PlannedWorkload): Promise<void> {
  if (app === null || supervisor.processState(appProcess(name)) === undefined) return
  await supervisor.end(appProcess(name))
  supervisor.health.of(name)?.appEnded()
}

async function stopProxy(supervisor: Supervisor, { name, proxy }: PlannedWorkload): Promise<void> {
  if (proxy === null) return
  await supervisor.end(proxyProcess(name))
  supervisor.health.of(name)?.proxyEnded()
}

function adopt({ launch, planner, supervisor }: RunningFleetOptions, workload: string, entry: ProcessEntry): void {
  planner.adopt(workload, entry)
  const workloads = launch.plan.workloads.map((one) =>
    one.workload === workload && one.app !== null ? { ...one, app: renewApp(one.app, entry) } : one,
  )
  launch.plan = { ...launch.plan, workloads }
  for (const one of workloads) {
    const health = supervisor.health.of(one.name)
    if (one.workload === workload && health !== undefined) health.replica = one
  }
}

/** The registry comes first: pilot serves the sidecar as what the registry says that it is. */
async function add(options: RunningFleetOptions, workload: string): Promise<PlannedWorkload | undefined> {
  const { launch, planner, supervisor } = options
  const used = launch.plan.workloads.filter((one) => one.workload === workload).map(({ name }) => Number(/\d+$/.exec(name)?.[0]))
  const replica = await planner.replica(workload, Math.max(-1, ...used) + 1)
  if (supervisor.state === 'stopping') return void planner.release(replica)
  settle(options, replica)
  supervisor.health.add(replica).hinder('leaving')
  supervisor.startProxy(replica)
  if (replica.app?.listen === null) await supervisor.untilProxyReady(replica, AbortSignal.timeout(READY_TIMEOUT_MS))
  supervisor.startApp(replica)
  supervisor.changed()
  return replica
}

/** What is planned for a replica and written for it; nothing is when that fails. */
function settle({ launch, planner, tokens }: RunningFleetOptions, replica: PlannedWorkload): void {
  const before = launch.plan
  launch.plan = { ...before, workloads: [...before.workloads, replica] }
  try {
    writeReplicaFiles(launch.plan, replica.name)
    tokens.renew()
  } catch (error) {
    launch.plan = before
    planner.release(replica)
    throw error
  }
}

async function remove({ launch, planner, supervisor }: RunningFleetOptions, replica: PlannedWorkload): Promise<void> {
  const { name } = replica
  await stopApp(supervisor, replica)
  await stopProxy(supervisor, replica)
  supervisor.health.remove(name)
  launch.plan = { ...launch.plan, workloads: launch.plan.workloads.filter((one) => one.name !== name) }
  planner.release(replica)
  supervisor.changed()
  removeReplicaFiles(launch.plan, name)
}
