import { nodesOf } from '@mesh/core/compile'
import { objectsOf, type Snapshot } from '@mesh/core/snapshot'
import type { NodeSelf } from '@mesh/core/view'

const EXPECTED = new WeakMap<Snapshot, readonly NodeSelf[]>()

/**
 * The proxies that the registry says there are: workloads with mesh TLS or a proxy annotation.
 * One that is not connected may still carry traffic by what it was served last.
 */
export function expectedProxies(snapshot: Snapshot): readonly NodeSelf[] {
  const known = EXPECTED.get(snapshot)
  if (known !== undefined) return known
  const names = new Set(
    objectsOf(snapshot, 'WorkloadEntry')
      .filter(({ meta, body }) => 'mesh.io/proxy' in meta.annotations || { ...meta.labels, ...body.labels }[TLS_MODE] === 'istio')
      .map(({ meta }) => `${meta.namespace}/${meta.name}`),
  )
  const found = nodesOf(snapshot).filter((node) => names.has(`${node.namespace}/${node.name}`))
  EXPECTED.set(snapshot, found)
  return found
}

const TLS_MODE = 'security.istio.io/tlsMode'
