import type { PlannedWorkload } from '../plan.ts'
import type { Fleet, Outcome } from './fleet.ts'
import { DRAIN_TIMEOUT_MS, READY_TIMEOUT_MS, REPLACED_TIMEOUT_MS, SERVED_TIMEOUT_MS } from './limits.ts'

/** What changing the running mesh needs. */
export interface Work {
  readonly fleet: Fleet
  readonly say: (line: string) => void
  /** Ends what is under way, for the mesh stops. */
  readonly signal: AbortSignal
}

export interface RestartOptions extends Work {
  /** Some or all of the replicas of one workload. */
  readonly replicas: readonly PlannedWorkload[]
  /** Whether sidecars restart too. */
  readonly proxy: boolean
}

const STOPS = 'The mesh stops.'

/** Restarts replicas one after the other, each out of traffic meanwhile. A lone replica gets another one for the time; the first that does not come back ends it. */
export async function restart(options: RestartOptions): Promise<Outcome> {
  const { fleet, replicas } = options
  const [first] = replicas
  if (first === undefined) return { kind: 'refused', reason: 'There is nothing to restart: it has no replicas.' }
  if (first.kind === 'gateway' && fleet.replaceProxy !== undefined) return replaceAll(options, fleet.replaceProxy)
  if (first.kind === 'gateway') options.say(`${first.workload} has one process: callers from outside are refused until it is back.`)
  const standIn = needsStandIn(fleet, first) ? await addStandIn(options, first.workload) : undefined
  if (typeof standIn === 'string') return { kind: 'refused', reason: standIn }
  for (const replica of replicas) {
    const failure = await restartOne(options, replica)
    if (failure === undefined) continue
    // What stands in keeps serving while its original cannot.
    return { kind: 'refused', reason: standIn === undefined ? failure : `${failure} ${standIn.name} serves in its place.` }
  }
  if (standIn !== undefined) await retire(options, [standIn])
  return { kind: 'done', line: `${namesOf(replicas)} restarted${options.proxy ? ', sidecars too' : ''}.` }
}

/** A gateway is replaced by one that takes its sockets over: nobody outside notices. */
async function replaceAll({ replicas, signal }: RestartOptions, replace: NonNullable<Fleet['replaceProxy']>): Promise<Outcome> {
  for (const replica of replicas) {
    if (await replace(replica, bounded(REPLACED_TIMEOUT_MS, signal))) continue
    return {
      kind: 'refused',
      reason: signal.aborted
        ? STOPS
        : `${replica.name} could not be replaced; the one before serves on. \`meshctl logs ${replica.name}\` says why.`,
    }
  }
  return { kind: 'done', line: `${namesOf(replicas)} restarted; no connection was refused meanwhile.` }
}

/** Takes replicas out, waits until nobody calls them, and ends them. */
export async function retire(options: Work, replicas: readonly PlannedWorkload[]): Promise<string | undefined> {
  const { fleet, say, signal } = options
  const late = await takeOut(options, replicas)
  if (late !== undefined || signal.aborted) return late ?? STOPS
  const end = async (replica: PlannedWorkload): Promise<void> => {
    await drain(options, replica)
    await fleet.stopApp(replica)
    await fleet.remove(replica)
    say(`${replica.name} has ended.`)
  }
  await Promise.all(replicas.map(end))
  return undefined
}

/** Adds replicas and waits until they take traffic everywhere; those that cannot are removed again, with a sentence why. */
export async function grow(options: Work, workload: string, count: number): Promise<Grown> {
  const { fleet, signal } = options
  const { added, failure } = await addSome(options, workload, count)
  const patience = bounded(READY_TIMEOUT_MS, signal)
  const ready = await Promise.all(added.map((replica) => fleet.untilReady(replica, patience)))
  // Whoever stops the mesh ends these too.
  if (signal.aborted) return { added, failure: STOPS }
  const [good, bad] = [added.filter((_, index) => ready[index]), added.filter((_, index) => !ready[index])]
  const [reason] = bad.map((replica) => `${replica.name} does not get ready: ${fleet.hindrance(replica)}.`)
  for (const replica of bad) await fleet.remove(replica)
  const late = await letBack(options, good)
  return { added: good, failure: signal.aborted ? STOPS : (failure ?? reason ?? late) }
}

/** As many replicas as there can be. */
async function addSome({ fleet, say, signal }: Work, workload: string, count: number): Promise<Grown> {
  const added: PlannedWorkload[] = []
  try {
    while (added.length < count && !signal.aborted) {
      const replica = await fleet.add(workload)
      if (replica === undefined) return { added, failure: STOPS }
      added.push(replica)
      say(`${replica.name} starts at ${replica.address}.`)
    }
    return { added, failure: undefined }
  } catch (error) {
    return { added, failure: `There cannot be one more ${workload}: ${error instanceof Error ? error.message : String(error)}.` }
  }
}

interface Grown {
  readonly added: readonly PlannedWorkload[]
  readonly failure: string | undefined
}

/** Where somebody may call it, and nobody else could take the calls. */
function needsStandIn(fleet: Fleet, { kind, workload, app }: PlannedWorkload): boolean {
  if (kind !== 'sidecar' || app === null || app.command === null || app.listen === null) return false
  return fleet.replicasOf(workload).filter((one) => fleet.isReady(one)).length === 1
}

async function addStandIn(options: RestartOptions, workload: string): Promise<PlannedWorkload | string> {
  options.say(`One replica of ${workload} takes traffic: another one stands in for it meanwhile.`)
  const { added, failure } = await grow(options, workload, 1)
  const [standIn] = added
  if (options.signal.aborted) return STOPS
  if (standIn !== undefined && failure === undefined) return standIn
  if (standIn !== undefined) await retire(options, [standIn])
  return `${failure} The one that runs was left as it is.`
}

/** Answers what went wrong. */
async function restartOne(options: RestartOptions, replica: PlannedWorkload): Promise<string | undefined> {
  const { fleet, proxy, signal, say } = options
  const late = await takeOut(options, [replica])
  if (late !== undefined || signal.aborted) return late ?? STOPS
  await drain(options, replica)
  await fleet.stopApp(replica)
  if (proxy || replica.app === null) {
    await fleet.stopProxy(replica)
    await fleet.startProxy(replica, bounded(READY_TIMEOUT_MS, signal))
  }
  if (signal.aborted) return STOPS
  fleet.startApp(replica)
  const ready = await fleet.untilReady(replica, bounded(READY_TIMEOUT_MS, signal))
  const back = await letBack(options, [replica])
  if (!ready) return `${replica.name} does not get ready again: ${fleet.hindrance(replica)}. The others run on as they were.`
  if (back === undefined) say(`${replica.name} is back.`)
  return back
}

/** What does not end in time ends with the application. */
async function drain({ fleet, signal, say }: Work, replica: PlannedWorkload): Promise<void> {
  if (!(await fleet.untilDrained(replica, bounded(DRAIN_TIMEOUT_MS, signal))) && !signal.aborted)
    say(`${replica.name} still has calls after ${DRAIN_TIMEOUT_MS / 1000} s; they end with it.`)
}

/** Those who cannot be taken out of traffic stay in it; answers why, as a sentence. */
async function takeOut(options: Work, replicas: readonly PlannedWorkload[]): Promise<string | undefined> {
  const { fleet, signal } = options
  const late = sentence(await fleet.hold(replicas, bounded(SERVED_TIMEOUT_MS, signal)), signal)
  if (late !== undefined) await letBack(options, replicas)
  return late
}

async function letBack({ fleet, signal }: Work, replicas: readonly PlannedWorkload[]): Promise<string | undefined> {
  return sentence(await fleet.release(replicas, bounded(SERVED_TIMEOUT_MS, signal)), signal)
}

function sentence(late: readonly string[], signal: AbortSignal): string | undefined {
  if (late.length === 0) return undefined
  const verb = late.length === 1 ? 'does' : 'do'
  return signal.aborted ? STOPS : `${late.join(', ')} ${verb} not take up the change in ${SERVED_TIMEOUT_MS / 1000} s.`
}

function bounded(ms: number, signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(ms)])
}

function namesOf(replicas: readonly PlannedWorkload[]): string {
  return replicas.map(({ name }) => name).join(', ')
}
