import { resolve } from 'node:path'
import type { AddressBlock } from './address-block.ts'
import { FIRST_QUIET_PORT, MAX_WORKLOADS, QUIET_PORTS } from './limits.ts'
import type { GatewayEntry, MeshFile, ProcessEntry } from './mesh-file.ts'
import { planReplica, proxyPorts } from './plan-replica.ts'
import { foldersOf, SYSTEM_NAMESPACE, TELEMETRY_LABELS, type Plan, type PlannedCa, type PlannedWorkload } from './plan.ts'
import { PortPlan } from './port-plan.ts'
import { servedPorts, type ServiceFacts } from './services.ts'

export interface PlanInput {
  readonly mesh: MeshFile
  readonly dir: string
  readonly block: AddressBlock
  readonly services: readonly ServiceFacts[]
  readonly ca: boolean
  readonly telemetry: boolean
}

/** Decides what runs where: at first the whole of a mesh, later one replica at a time. */
export interface Planner {
  /** Gives every replica and plane an address, and ports that are free at this moment. */
  plan(): Promise<Plan>
  /** One more replica of a process of mesh.yaml. */
  replica(workload: string, index: number): Promise<PlannedWorkload>
  /** From now on replicas of a process are planned by this entry. */
  adopt(workload: string, entry: ProcessEntry): void
  /** The replica is no more: its address and ports are free again. */
  release(replica: PlannedWorkload): void
  /** The mesh is over: other meshes may have the ports of its gateways. */
  close(): void
}

export function createPlanner(input: PlanInput): Planner {
  const ports = new PortPlan()
  const addresses = new Addresses(input.block)
  const firstPort = FIRST_QUIET_PORT + input.block.index * QUIET_PORTS
  const entries = new Map(Object.entries(input.mesh.processes))
  const replica = (workload: string, index: number): Promise<PlannedWorkload> => {
    const entry = entries.get(workload)
    if (entry === undefined) throw new Error(`mesh.yaml has no process ${workload}`)
    const { services, ca } = input
    return planReplica({ workload, index, entry, address: addresses.take(), ports, firstPort, services, ca })
  }
  return {
    plan: () => makePlan(input, { ports, addresses, replica }),
    replica,
    adopt: (workload, entry) => void entries.set(workload, entry),
    release: ({ address, app }) => {
      addresses.release(address)
      ports.release(address)
      if (app?.listen?.host === '127.0.0.1') ports.releasePort('127.0.0.1', app.listen.port)
    },
    close: () => ports.releaseClaims(),
  }
}

interface Tools {
  readonly ports: PortPlan
  readonly addresses: Addresses
  readonly replica: Planner['replica']
}

async function makePlan(input: PlanInput, tools: Tools): Promise<Plan> {
  const { mesh, dir, block } = input
  const { ports } = tools
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
    workloads: await planWorkloads(input, tools),
    replaced: ports.replaced,
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

async function planWorkloads(input: PlanInput, tools: Tools): Promise<readonly PlannedWorkload[]> {
  const planned: PlannedWorkload[] = []
  for (const [workload, entry] of Object.entries(input.mesh.gateways)) planned.push(await planGateway(workload, entry, { input, ...tools }))
  for (const [workload, { replicas }] of Object.entries(input.mesh.processes)) {
    for (let index = 0; index < replicas; index++) planned.push(await tools.replica(workload, index))
  }
  return planned
}

async function planGateway(
  workload: string,
  entry: GatewayEntry,
  { input, ports, addresses }: Tools & { readonly input: PlanInput },
): Promise<PlannedWorkload> {
  const address = addresses.take()
  const chosen: Record<string, number> = {}
  const openPorts: Record<string, number> = {}
  for (const served of servedPorts(input.services, entry)) {
    const port = await ports.claim(entry.address, served.target, workload)
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

/** The addresses of replicas, each given to one at a time. */
class Addresses {
  readonly #block: AddressBlock
  readonly #taken = new Set<string>()

  constructor(block: AddressBlock) {
    this.#block = block
  }

  /** The lowest that is free. */
  take(): string {
    for (let index = 1; index <= MAX_WORKLOADS; index++) {
      const address = this.#block.address(1, index)
      if (this.#taken.has(address)) continue
      this.#taken.add(address)
      return address
    }
    throw new Error(`a mesh on one machine has at most ${MAX_WORKLOADS} replicas`)
  }

  release(address: string): void {
    this.#taken.delete(address)
  }
}
