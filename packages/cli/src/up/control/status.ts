import type { Plan, PlannedWorkload } from '../plan.ts'
import { appProcess, proxyProcess } from '../run-file.ts'
import type { Supervisor } from '../supervisor.ts'
import { howItEnded } from '../why-not.ts'

/** How the processes of a mesh fare, as `meshctl status` tells it. */
export interface MeshStatus {
  readonly name: string
  readonly state: 'starting' | 'ready' | 'stopping'
  readonly processes: readonly ProcessStatus[]
}

/** A plane, a gateway, or a replica with its sidecar. */
export interface ProcessStatus {
  readonly name: string
  readonly namespace: string
  readonly kind: 'plane' | PlannedWorkload['kind']
  readonly address: string
  /** Whether it takes traffic; of a plane, whether it runs. */
  readonly ready: boolean
  /** Why not; empty when it is. */
  readonly reason: string
  /** Of application and proxy together. */
  readonly restarts: number
  /** 0 where there is none, or it does not run. */
  readonly pids: { readonly app: number; readonly proxy: number }
  /** When the younger of both was started, Unix milliseconds; 0: never. */
  readonly startedAtMs: number
}

export function meshStatus(plan: Plan, supervisor: Supervisor): MeshStatus {
  const planes = (['pilot', 'ca', 'telemetry'] as const).filter((name) => plan[name] !== null)
  return {
    name: plan.name,
    state: supervisor.state,
    processes: [
      ...planes.map((name) => planeStatus(name, plan[name]?.address ?? '', supervisor)),
      ...plan.workloads.map((one) => workloadStatus(one, supervisor)),
    ],
  }
}

function planeStatus(name: string, address: string, supervisor: Supervisor): ProcessStatus {
  const process = supervisor.processState(name)
  const pid = process?.pid ?? 0
  return {
    name,
    namespace: 'istio-system',
    kind: 'plane',
    address,
    ready: pid > 0,
    reason: pid > 0 ? '' : (howItEnded(name, supervisor) ?? 'not started'),
    restarts: process?.restarts ?? 0,
    pids: { app: pid, proxy: 0 },
    startedAtMs: process?.startedAtMs ?? 0,
  }
}

function workloadStatus({ name, namespace, kind, address }: PlannedWorkload, supervisor: Supervisor): ProcessStatus {
  const [app, proxy] = [supervisor.processState(appProcess(name)), supervisor.processState(proxyProcess(name))]
  const health = supervisor.health.of(name)
  return {
    name,
    namespace,
    kind,
    address,
    ready: health?.ready === true,
    reason: reasonOf({
      hindrances: health?.hindrances ?? [],
      failure: health?.failure,
      appEnd: howItEnded(appProcess(name), supervisor),
      proxy:
        health?.proxyFailure ??
        `${kind === 'gateway' ? 'gateway' : 'sidecar'} ${howItEnded(proxyProcess(name), supervisor) ?? 'not ready'}`,
    }),
    restarts: (app?.restarts ?? 0) + (proxy?.restarts ?? 0),
    pids: { app: app?.pid ?? 0, proxy: proxy?.pid ?? 0 },
    startedAtMs: Math.max(app?.startedAtMs ?? 0, proxy?.startedAtMs ?? 0),
  }
}

interface Facts {
  readonly hindrances: readonly string[]
  readonly failure: string | undefined
  readonly appEnd: string | undefined
  /** What its proxy says against itself, or how it ended. */
  readonly proxy: string
}

function reasonOf({ hindrances, failure, appEnd, proxy }: Facts): string {
  const has = (one: string): boolean => hindrances.includes(one)
  if (has('leaving')) return 'restarting'
  if (has('down')) return `application ${appEnd ?? 'not started'}`
  if (has('proxy')) return proxy
  if (has('probe') || has('starting')) return failure ?? 'application does not listen'
  return ''
}
