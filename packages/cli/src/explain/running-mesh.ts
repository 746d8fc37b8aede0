import { compileEngine, type CompiledEngine } from '@mesh/core/engine'
import { z } from '@mesh/core/schema'
import type { Endpoint, NodeSelf, View } from '@mesh/core/view'
import { askJson } from '../mesh/ask.ts'
import { findMesh, findWorkload, type FoundMesh } from '../mesh/find-mesh.ts'
import { CommandFailure, EXIT } from '../output/exit-code.ts'
import { proxyEjections } from '../mesh/proxy-ejections.ts'
import type { RunningWorkload } from '../up/run-file.ts'
import type { AskedMesh, AskedSender } from './asked-mesh.ts'

const Labels = z.record(z.string(), z.string())
const ServerInfo = z.object({
  node: z.object({
    metadata: z.object({ kind: z.enum(['sidecar', 'gateway']), labels: Labels, cluster: z.string(), trustDomain: z.string() }),
  }),
})

/** The mesh that runs here, as its proxies know it. */
export async function runningMesh(sender: AskedSender): Promise<AskedMesh> {
  const mesh = findMesh(sender.cwd)
  const workload = sender.from === undefined ? firstGateway(mesh) : findWorkload(mesh, sender.from, sender.namespace)
  const [self, view] = await Promise.all([nodeOf(workload, mesh.run.mtls), viewOf(workload)])
  const ejected = await proxyEjections(adminOf(workload), `The proxy of ${workload.name}`, view)
  return { self, engine: compileEngine(view), snapshot: view.snapshot, ejected, destinations: (endpoints) => destinations(mesh, endpoints) }
}

function firstGateway(mesh: FoundMesh): RunningWorkload {
  const [gateway] = mesh.run.gateways
  if (gateway === undefined) throw new CommandFailure(EXIT.usage, 'This mesh has no gateway: say who sends the request with --from.')
  return findWorkload(mesh, gateway.name, gateway.namespace)
}

async function destinations(mesh: FoundMesh, endpoints: readonly Endpoint[]): Promise<(endpoint: Endpoint) => CompiledEngine | undefined> {
  const addresses = new Set(endpoints.map((endpoint) => endpoint.address))
  const asked = mesh.run.workloads.filter((workload) => workload.proxy !== null && addresses.has(workload.address))
  const engines = new Map(
    await Promise.all(asked.map(async (workload) => [workload.address, compileEngine(await viewOf(workload))] as const)),
  )
  return (endpoint) => engines.get(endpoint.address)
}

async function viewOf(workload: RunningWorkload): Promise<View> {
  return (await askJson(`${adminOf(workload)}/view`, `The proxy of ${workload.name}`)) as View
}

async function nodeOf(workload: RunningWorkload, identity: boolean): Promise<NodeSelf> {
  const told = ServerInfo.safeParse(await askJson(`${adminOf(workload)}/server_info`, `The proxy of ${workload.name}`))
  if (!told.success)
    throw new CommandFailure(
      EXIT.unreachable,
      `The proxy of ${workload.name} answers /server_info in a form that this meshctl does not know.`,
    )
  const { name, namespace, serviceAccount, address } = workload
  return { ...told.data.node.metadata, name, namespace, serviceAccount, address, workload: workload.workload, identity, capture: 'none' }
}

function adminOf(workload: RunningWorkload): string {
  if (workload.proxy === null) throw new CommandFailure(EXIT.negative, `${workload.name} has no proxy of this mesh.`)
  return workload.proxy.admin
}
