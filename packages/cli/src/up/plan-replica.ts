import type { ProcessEntry } from './mesh-file.ts'
import type { PlannedApp, PlannedWorkload, ProxyPorts } from './plan.ts'
import type { PortPlan } from './port-plan.ts'
import type { Probe } from './probe/probe.ts'
import { servedPorts, type ServiceFacts } from './services.ts'

export interface ReplicaInput {
  readonly workload: string
  readonly index: number
  readonly entry: ProcessEntry
  /** Of its own. */
  readonly address: string
  readonly ports: PortPlan
  /** Where the private ports of this mesh begin. */
  readonly firstPort: number
  readonly services: readonly ServiceFacts[]
  /** Whether there is a certificate authority. */
  readonly ca: boolean
}

/** Gives one replica of a process its ports. */
export async function planReplica(of: ReplicaInput): Promise<PlannedWorkload> {
  const { workload, index, entry, address, ports, ca } = of
  const outside = entry.sidecar === false
  const name = `${workload}-${index}`
  return {
    kind: outside ? 'outside' : 'sidecar',
    name,
    workload,
    namespace: entry.namespace,
    serviceAccount: entry.serviceAccount,
    labels: entry.labels,
    address,
    bindAddress: null,
    ports: await reachedPorts(of, name),
    app: await planApp(entry, { ports, firstPort: of.firstPort, ownAddress: outside ? address : undefined }),
    proxy: entry.sidecar === true ? await proxyPorts(address, name, ports) : null,
    meshTls: ca && !outside,
    page: null,
    openPorts: {},
  }
}

/** The ports that every proxy has, at an address of its own. */
export async function proxyPorts(address: string, name: string, ports: PortPlan): Promise<ProxyPorts> {
  return {
    admin: await ports.take(address, 15000, name),
    outbound: await ports.take(address, 15001, name),
    health: await ports.take(address, 15021, name),
    metrics: await ports.take(address, 15090, name),
  }
}

/** By service port name, where it is not reached at the service's own target port. */
async function reachedPorts({ entry, address, ports, services }: ReplicaInput, name: string): Promise<Record<string, number>> {
  if (entry.port === undefined) return {}
  const port = await ports.take(address, entry.port, name)
  if (port === entry.port) return {}
  const served = servedPorts(services, entry).filter(({ target }) => target === entry.port)
  return Object.fromEntries(served.map((one) => [one.name, port]))
}

/** Without a command it has a place to listen all the same, for whoever is started by hand. */
async function planApp(
  entry: ProcessEntry,
  of: { readonly ports: PortPlan; readonly ownAddress: string | undefined; readonly firstPort: number },
): Promise<PlannedApp | null> {
  const { env, port } = entry
  const command = entry.command ?? null
  if (port === undefined) return command === null ? null : { command, env, servicePort: null, listen: null, probe: null }
  const listen =
    of.ownAddress === undefined
      ? { host: '127.0.0.1', port: await of.ports.quiet('127.0.0.1', of.firstPort) }
      : { host: of.ownAddress, port }
  return { command, env, servicePort: port, listen, probe: probeAt(entry.probe, port, listen.port) }
}

/** The application of a replica that runs, as mesh.yaml says it is to be from its next start on. */
export function renewApp(app: PlannedApp, { command, env, probe }: ProcessEntry): PlannedApp {
  const { servicePort, listen } = app
  return {
    ...app,
    command: command ?? null,
    env,
    probe: servicePort === null || listen === null ? null : probeAt(probe, servicePort, listen.port),
  }
}

/** A probe that names the service's port means the application, wherever it listens here. */
function probeAt(probe: Probe | undefined, servicePort: number, port: number): Probe | null {
  if (probe === undefined) return null
  const meant = (one: number | undefined): number => (one === undefined || one === servicePort ? port : one)
  const { httpGet, tcpSocket } = probe
  return {
    ...probe,
    ...(httpGet === undefined ? {} : { httpGet: { ...httpGet, port: meant(httpGet.port) } }),
    ...(tcpSocket === undefined ? {} : { tcpSocket: { port: meant(tcpSocket.port) } }),
  }
}
