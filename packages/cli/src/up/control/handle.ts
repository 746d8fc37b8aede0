import { workloadVariables } from '../environment.ts'
import type { Fleet, Outcome } from '../fleet/fleet.ts'
import { restart } from '../fleet/restart.ts'
import { restartPlane } from '../fleet/restart-plane.ts'
import { scale } from '../fleet/scale.ts'
import type { Plan, PlannedWorkload } from '../plan.ts'
import type { Plane, Supervisor } from '../supervisor.ts'
import { takeUp, type KnownMesh } from '../take-up.ts'
import type { ControlOutcome, ControlRequest } from './protocol.ts'
import type { ControlHandler } from './server.ts'
import { meshStatus } from './status.ts'

export interface HandlerOptions {
  /** Its plan is the one of this moment. */
  readonly launch: { readonly plan: Plan }
  readonly known: KnownMesh
  readonly supervisor: Supervisor
  readonly fleet: Fleet
  /** Ends the mesh; resolves when nothing runs any more. */
  readonly stop: () => Promise<void>
  /** Aborts when the mesh ends. */
  readonly signal: AbortSignal
}

/** Does what other terminals ask; what changes the mesh happens one after the other. */
export function controlHandler(options: HandlerOptions): ControlHandler {
  let busy: Promise<unknown> = Promise.resolve()
  const notReady = (): ControlOutcome | undefined => {
    const { state } = options.supervisor
    return state === 'ready' ? undefined : { kind: 'refused', reason: `The mesh is ${state}: wait until it is ready.` }
  }
  const inTurn = async (work: () => Promise<Outcome>): Promise<ControlOutcome> => {
    const refused = notReady()
    if (refused !== undefined) return refused
    // It may have begun to stop by then.
    const done = busy.then(async () => notReady() ?? controlOutcome(await work()))
    busy = done.catch(() => undefined)
    return done
  }
  return async (request, say) => {
    switch (request.do) {
      case 'status':
        return { kind: 'done', value: meshStatus(options.launch.plan, options.supervisor) }
      case 'env':
        return variables(options.launch.plan, request.name)
      case 'restart':
        return inTurn(() => restartNamed(request, options, say))
      case 'scale':
        return inTurn(() => scaleNamed(request, options, say))
      case 'down':
        await options.stop()
        return { kind: 'done', value: `${options.launch.plan.name} has stopped.` }
    }
  }
}

function controlOutcome(outcome: Outcome): ControlOutcome {
  return outcome.kind === 'done' ? { kind: 'done', value: outcome.line } : outcome
}

function variables(plan: Plan, name: string): ControlOutcome {
  const [workload] = replicasNamed(plan, name)
  return workload === undefined ? unknown(plan, name) : { kind: 'done', value: workloadVariables(workload, workload.app) }
}

async function restartNamed(
  { name, proxy }: Extract<ControlRequest, { do: 'restart' }>,
  options: HandlerOptions,
  say: (line: string) => void,
): Promise<Outcome> {
  const { launch, supervisor, fleet, signal } = options
  if (isPlane(launch.plan, name)) return restartPlane({ plane: name, supervisor, synced: supervisor.synced, signal })
  const [first] = replicasNamed(launch.plan, name)
  if (first === undefined) return unknown(launch.plan, name)
  const refused = refresh(first.workload, options)
  return refused ?? restart({ fleet, replicas: replicasNamed(launch.plan, name), proxy, say, signal })
}

async function scaleNamed(
  { name, replicas: count }: Extract<ControlRequest, { do: 'scale' }>,
  options: HandlerOptions,
  say: (line: string) => void,
): Promise<Outcome> {
  const { launch, known, fleet, signal } = options
  const [running] = replicasNamed(launch.plan, name)
  if (running?.kind === 'gateway') return { kind: 'refused', reason: `${running.workload} is a gateway: it has one process.` }
  const workload = running?.workload ?? name
  const refused = count === 0 ? undefined : refresh(workload, options)
  if (refused !== undefined) return refused
  return Object.hasOwn(known.mesh.processes, workload) ? scale({ fleet, workload, count, say, signal }) : unknown(launch.plan, name)
}

/** Takes up what mesh.yaml says now of a process; answers why that cannot be. */
function refresh(workload: string, { known, fleet }: HandlerOptions): Outcome | undefined {
  const taken = takeUp(workload, { known, runs: fleet.replicasOf(workload).length > 0 })
  if (taken.kind === 'refused') return taken
  if (taken.entry !== undefined) fleet.adopt(workload, taken.entry)
  return undefined
}

function isPlane(plan: Plan, name: string): name is Plane {
  return name === 'pilot' || (name === 'ca' && plan.ca !== null) || (name === 'telemetry' && plan.telemetry !== null)
}

/** By replica or by workload, each also with its namespace behind a dot. */
function replicasNamed({ workloads }: Plan, name: string): readonly PlannedWorkload[] {
  const isCalled = (own: string, namespace: string): boolean => own === name || `${own}.${namespace}` === name
  const exact = workloads.filter((one) => isCalled(one.name, one.namespace))
  return exact.length > 0 ? exact : workloads.filter((one) => isCalled(one.workload, one.namespace))
}

function unknown({ workloads }: Plan, name: string): { readonly kind: 'refused'; readonly reason: string } {
  const names = [...new Set(workloads.map(({ workload }) => workload))].join(', ')
  return { kind: 'refused', reason: `There is no workload "${name}" in this mesh. It has ${names}.` }
}
