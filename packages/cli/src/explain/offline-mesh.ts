import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { compileView, nodesOf } from '@mesh/core/compile'
import { compileEngine } from '@mesh/core/engine'
import { buildSnapshot, objectsOf, type Snapshot } from '@mesh/core/snapshot'
import type { NodeSelf } from '@mesh/core/view'
import { lookForMesh } from '../mesh/find-mesh.ts'
import { CommandFailure, EXIT } from '../output/exit-code.ts'
import { readSources } from '../validate/read-sources.ts'
import type { AskedMesh, AskedSender } from './asked-mesh.ts'

/** The mesh that files describe; workloads they do not register come from the mesh that runs here, if one does. */
export async function offlineMesh(sender: AskedSender, config: readonly string[]): Promise<AskedMesh> {
  const snapshot = await snapshotOf(sender.cwd, config)
  const nodes = nodesOf(snapshot)
  const self = senderOf(sender, nodes)
  const byAddress = new Map(nodes.map((node) => [node.address, node]))
  return {
    self,
    engine: compileEngine(compileView(snapshot, self)),
    snapshot: snapshot.hash,
    destinations: async () => (endpoint) => {
      const node = byAddress.get(endpoint.address)
      return node === undefined ? undefined : compileEngine(compileView(snapshot, node))
    },
  }
}

async function snapshotOf(cwd: string, config: readonly string[]): Promise<Snapshot> {
  const sources = await readSources(config, true)
  const snapshot = buildSnapshot({ sources })
  if (objectsOf(snapshot, 'WorkloadEntry').length > 0) return snapshot
  const running = lookForMesh(cwd)
  const registry = running === undefined ? undefined : join(running.dir, '.mesh/registry')
  if (registry === undefined || !existsSync(registry)) return snapshot
  return buildSnapshot({ sources: [...sources, ...(await readSources([registry], false))] })
}

function senderOf(sender: AskedSender, nodes: readonly NodeSelf[]): NodeSelf {
  const { from, namespace } = sender
  const dot = from?.lastIndexOf('.') ?? -1
  const found = nodes.find((node) => {
    if (from === undefined) return node.kind === 'gateway'
    const here = namespace === undefined || node.namespace === namespace
    return here && [node.name, node.workload, `${node.name}.${node.namespace}`, `${node.workload}.${node.namespace}`].includes(from)
  })
  if (found !== undefined) return found
  if (from === undefined) throw new CommandFailure(EXIT.usage, 'No gateway is registered: say who sends the request with --from.')
  const split = dot > 0 ? { name: from.slice(0, dot), namespace: from.slice(dot + 1) } : { name: from, namespace: namespace ?? 'default' }
  return unregistered(split.name, split.namespace)
}

/** A sender of which only the name is known. */
function unregistered(name: string, namespace: string): NodeSelf {
  return {
    kind: 'sidecar',
    name,
    namespace,
    serviceAccount: 'default',
    workload: name,
    labels: { app: name },
    address: '127.0.0.1',
    cluster: 'Kubernetes',
    trustDomain: 'cluster.local',
    identity: true,
    capture: 'none',
  }
}
