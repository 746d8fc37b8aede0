import { nodesOf } from '@mesh/core/compile'
import type { Snapshot } from '@mesh/core/snapshot'
import type { NodeSelf } from '@mesh/core/view'

/** The node that a snapshot registers under a name. */
export function registeredNode(snapshot: Snapshot, node: Pick<NodeSelf, 'name' | 'namespace'>): NodeSelf | undefined {
  let nodes = known.get(snapshot)
  if (nodes === undefined) {
    nodes = new Map(nodesOf(snapshot).map((one) => [keyOf(one), one]))
    known.set(snapshot, nodes)
  }
  return nodes.get(keyOf(node))
}

/** Each push asks once per client, so that it must not search. */
const known = new WeakMap<Snapshot, ReadonlyMap<string, NodeSelf>>()

function keyOf({ namespace, name }: Pick<NodeSelf, 'name' | 'namespace'>): string {
  return `${namespace}/${name}`
}
