import { resolve } from 'node:path'
import type { AddressBlock } from './address-block.ts'
import { MAX_WORKLOADS } from './limits.ts'
import type { GatewayEntry, MeshFile, ProcessEntry } from './mesh-file.ts'
import {
  foldersOf,
  SYSTEM_NAMESPACE,
  TELEMETRY_LABELS,
  type Plan,
  type PlannedApp,
  type PlannedCa,
  type PlannedWorkload,
  type ProxyPorts,
} from './plan.ts'
import { choosePort, freePort } from './ports.ts'
import { servedPorts, type ServiceFacts } from './services.ts'

export interface PlanInput {
  readonly mesh: MeshFile
  readonly dir: string
  readonly block: AddressBlock
  readonly services: readonly ServiceFacts[]
  readonly ca: boolean
  readonly telemetry: boolean
}

/** Gives every replica and plane an address, and ports that are free at this moment. */
export async function makePlan(input: PlanInput): Promise<Plan> {
  const { mesh, dir, block } = input
  const replaced: string[] = []
  const ports = new PortPlan(replaced)
  const address = (index: number): string => block.address(0, index)
  return {
    name: mesh.name,
    dir,
    folders: foldersOf(dir),
    configDirs: mesh.config.map((folder) => resolve(dir, folder)),
    trustDomain: mesh.trustDomain,
    pilot: {
      address: address(2),
      xdsPort: await ports.take(address(2), input.ca ? 15012 : 15010, 'pilot'),
      monitoringPort: await ports.take(address(2), 15014, 'pilot'),
    },
    ca: input.ca ? await planCa(input, ports) : null,
    telemetry: input.telemetry ? await planTelemetry(input, ports) : null,
    workloads: await planWorkloads(input, ports),
    replaced,
  }
}

async function planCa(input: PlanInput, ports: PortPlan): Promise<PlannedCa> {
  const address = input.block.address(0, 3)
  const { workloadTtlSeconds } = input.mesh.ca
  return {
    address,
    port: await ports.take(address, 15012, 'ca'),
    monitoringPort: await ports.take(address, 15014, 'ca'),
    ...(workloadTtlSeconds === undefined ? {} : { workloadTtlSeconds }),
  }
}

async function planTelemetry(input: PlanInput, ports: PortPlan): Promise<Plan['telemetry']> {
  const address = input.block.address(0, 4)
  const port = await ports.take(address, 9411, 'telemetry')
  const served = servedPorts(input.services, { namespace: SYSTEM_NAMESPACE, labels: TELEMETRY_LABELS })
  return { address, port, ports: port === 9411 ? {} : Object.fromEntries(served.map(({ name }) => [name, port])) }
}

async function planWorkloads(input: PlanInput, ports: PortPlan): Promise<readonly PlannedWorkload[]> {
  const planned: PlannedWorkload[] = []
  const next = (): string => {
    if (planned.length >= MAX_WORKLOADS) throw new Error(`a mesh on one machine has at most ${MAX_WORKLOADS} replicas`)
    return input.block.address(1, planned.length + 1)
  }
  for (const [workload, entry] of Object.entries(input.mesh.gateways)) {
    planned.push(await planGateway({ workload, entry, address: next(), ports, input }))
  }
  for (const [workload, entry] of Object.entries(input.mesh.processes)) {
    for (let index = 0; index < entry.replicas; index++) {
      planned.push(await planReplica({ workload, index, entry, address: next(), ports, input }))
    }
  }
  return planned
}

interface Common {
  readonly workload: string
  readonly address: string
  readonly ports: PortPlan
  readonly input: PlanInput
}

async function planGateway(of: Common & { readonly entry: GatewayEntry }): Promise<PlannedWorkload> {
  const { workload, entry, address, ports, input } = of
  const chosen: Record<string, number> = {}
  const openPorts: Record<string, number> = {}
  for (const served of servedPorts(input.services, entry)) {
    const port = await ports.take(entry.address, served.target, workload)
    chosen[served.name] = port
    openPorts[served.port] = port
  }
  return {
    kind: 'gateway',
    name: `${workload}-0`,
    workload,
    namespace: entry.namespace,
    serviceAccount: entry.serviceAccount,
    labels: entry.labels,
    address,
    bindAddress: entry.address,
    ports: chosen,
    app: null,
    proxy: await proxyPorts(address, workload, ports),
    meshTls: input.ca,
    page: entry.page ?? null,
    openPorts,
  }
}

async function planReplica(of: Common & { readonly index: number; readonly entry: ProcessEntry }): Promise<PlannedWorkload> {
  const { workload, index, entry, address, ports, input } = of
  const outside = entry.sidecar === false
  const name = `${workload}-${index}`
  const reached: Record<string, number> = {}
  if (entry.port !== undefined) {
    const port = await ports.take(address, entry.port, name)
    if (port !== entry.port)
      for (const served of servedPorts(input.services, entry)) if (served.target === entry.port) reached[served.name] = port
  }
  return {
    kind: outside ? 'outside' : 'sidecar',
    name,
    workload,
    namespace: entry.namespace,
    serviceAccount: entry.serviceAccount,
    labels: entry.labels,
    address,
    bindAddress: null,
    ports: reached,
    app: await planApp(entry, { ports, ownAddress: outside ? address : undefined }),
    proxy: entry.sidecar === true ? await proxyPorts(address, name, ports) : null,
    meshTls: input.ca && !outside,
    page: null,
    openPorts: {},
  }
}

async function planApp(
  entry: ProcessEntry,
  of: { readonly ports: PortPlan; readonly ownAddress: string | undefined },
): Promise<PlannedApp | null> {
  if (entry.command === undefined) return null
  const { command, env, port } = entry
  if (port === undefined) return { command, env, servicePort: null, listen: null }
  const listen = of.ownAddress === undefined ? { host: '127.0.0.1', port: await of.ports.any('127.0.0.1') } : { host: of.ownAddress, port }
  return { command, env, servicePort: port, listen }
}

async function proxyPorts(address: string, name: string, ports: PortPlan): Promise<ProxyPorts> {
  return {
    admin: await ports.take(address, 15000, name),
    outbound: await ports.take(address, 15001, name),
    health: await ports.take(address, 15021, name),
    metrics: await ports.take(address, 15090, name),
  }
}

/** Gives each address and port away once, and remembers which were not the wanted ones. */
class PortPlan {
  readonly #replaced: string[]
  readonly #given = new Set<string>()

  constructor(replaced: string[]) {
    this.#replaced = replaced
  }

  async take(address: string, wanted: number, who: string): Promise<number> {
    const port = await this.#give(address, (above) => choosePort(address, wanted + above))
    if (port !== wanted) this.#replaced.push(`${who}: port ${wanted} is taken, using ${port}.`)
    return port
  }

  any(address: string): Promise<number> {
    return this.#give(address, () => freePort(address))
  }

  async #give(address: string, choose: (attempt: number) => Promise<number>): Promise<number> {
    for (let attempt = 0; ; attempt++) {
      const port = await choose(attempt)
      const key = `${address}:${port}`
      if (this.#given.has(key)) continue
      this.#given.add(key)
      return port
    }
  }
}
