import { isMap, isScalar, isSeq, type Document, type Node } from 'yaml'

/** The objects of a document: itself, or the items of a `List` (also `VirtualServiceList` and the like). */
export function objectNodes(root: Document.Parsed['contents']): readonly (Node | null)[] {
  if (!isMap(root)) return [root]
  const kind: unknown = root.get('kind')
  const items: unknown = root.get('items')
  if (typeof kind !== 'string' || !kind.endsWith('List') || !isSeq(items)) return [root]
  return items.items.filter((item): item is Node => isMap(item) || isScalar(item) || isSeq(item))
}
