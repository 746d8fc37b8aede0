import type { Plan, PlannedWorkload } from './plan.ts'

/** `.mesh/run.json`: how other programs find a running mesh. */
export interface RunFile {
  readonly name: string
  readonly pid: number
  /** RFC 3339. */
  readonly startedAt: string
  readonly state: 'starting' | 'ready' | 'stopping'
  readonly mtls: boolean
  /** Path of the supervisor's control socket. */
  readonly control: string
  /** Absolute, in the order of mesh.yaml. */
  readonly configDirs: readonly string[]
  /** Loopback block that it holds, like `127.64`. */
  readonly block: string
  readonly gateways: readonly RunningGateway[]
  readonly pilot: { readonly address: string; readonly monitoring: string; readonly xds: string; readonly pid: number }
  readonly ca: { readonly address: string; readonly monitoring: string; readonly pid: number } | null
  readonly telemetry: { readonly url: string; readonly pid: number } | null
  readonly workloads: readonly RunningWorkload[]
}

export interface RunningGateway {
  readonly name: string
  readonly namespace: string
  readonly url: string
  /** Path of a page that a person may like to open. */
  readonly page: string | null
  /** By service port. */
  readonly ports: Readonly<Record<string, number>>
}

export interface RunningWorkload {
  readonly name: string
  readonly namespace: string
  readonly workload: string
  readonly serviceAccount: string
  readonly labels: Readonly<Record<string, string>>
  readonly address: string
  readonly app: { readonly pid: number; readonly port: number | null } | null
  readonly proxy: RunningProxy | null
  readonly logs: { readonly app: string; readonly proxy: string; readonly access: string }
}

export interface RunningProxy {
  readonly pid: number
  readonly admin: string
  readonly metrics: string
  readonly health: string
  readonly outbound: string
  readonly settingsFile: string
}

export interface RunState {
  readonly plan: Plan
  readonly state: RunFile['state']
  readonly startedAt: string
  readonly block: string
  readonly control: string
  /** Process id by process name; 0 while it does not run. */
  pidOf(process: string): number
}

/** Names of the processes of a workload. */
export const appProcess = (workload: string): string => `${workload}.app`
export const proxyProcess = (workload: string): string => `${workload}.proxy`

export function runFile(run: RunState): RunFile {
  const { plan, pidOf } = run
  const { pilot, ca, telemetry } = plan
  return {
    name: plan.name,
    pid: process.pid,
    startedAt: run.startedAt,
    state: run.state,
    mtls: ca !== null,
    control: run.control,
    configDirs: plan.configDirs,
    block: run.block,
    gateways: plan.workloads.filter((one) => one.kind === 'gateway').map(runningGateway),
    pilot: {
      address: pilot.address,
      monitoring: `http://${pilot.address}:${pilot.monitoringPort}`,
      xds: `${pilot.address}:${pilot.xdsPort}`,
      pid: pidOf('pilot'),
    },
    ca:
      ca === null
        ? null
        : { address: `${ca.address}:${ca.port}`, monitoring: `http://${ca.address}:${ca.monitoringPort}`, pid: pidOf('ca') },
    telemetry: telemetry === null ? null : { url: `http://${telemetry.address}:${telemetry.port}`, pid: pidOf('telemetry') },
    workloads: plan.workloads.map((one) => runningWorkload(one, run)),
  }
}

function runningGateway(workload: PlannedWorkload): RunningGateway {
  return {
    name: workload.workload,
    namespace: workload.namespace,
    url: gatewayUrl(workload),
    page: workload.page,
    ports: workload.openPorts,
  }
}

/** Where a browser reaches a gateway: its plain HTTP port. */
export function gatewayUrl(workload: PlannedWorkload): string {
  const host = workload.bindAddress === '127.0.0.1' || workload.bindAddress === null ? 'localhost' : workload.bindAddress
  return `http://${host}:${workload.openPorts['80'] ?? Object.values(workload.openPorts)[0] ?? 80}`
}

function runningWorkload(workload: PlannedWorkload, run: RunState): RunningWorkload {
  const { name, namespace, serviceAccount, labels, address, app, proxy } = workload
  const { pidOf, plan } = run
  const { logs, settings } = plan.folders
  return {
    name,
    namespace,
    workload: workload.workload,
    serviceAccount,
    labels,
    address,
    app: app === null ? null : { pid: pidOf(appProcess(name)), port: app.listen?.port ?? null },
    proxy:
      proxy === null
        ? null
        : {
            pid: pidOf(proxyProcess(name)),
            admin: `http://${address}:${proxy.admin}`,
            metrics: `http://${address}:${proxy.metrics}`,
            health: `http://${address}:${proxy.health}`,
            outbound: `http://${address}:${proxy.outbound}`,
            settingsFile: `${settings}/${name}.json`,
          },
    logs: { app: `${logs}/${name}.app.log`, proxy: `${logs}/${name}.proxy.log`, access: `${logs}/${name}.access.log` },
  }
}
