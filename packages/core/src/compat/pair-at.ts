import { isAlias, isMap, isPair, isScalar, isSeq, visit, type Node, type Pair, type Scalar, type YAMLMap } from 'yaml'

/** What each anchor of a document stands for; undefined where one name was given twice. */
export type NodeAnchors = ReadonlyMap<string, Node | undefined>

/** A field in the text: its map, and its key and value there. */
export interface FoundPair {
  readonly map: YAMLMap
  readonly index: number
  readonly key: Scalar
  readonly value: Node
}

export function anchorsIn(root: Node): NodeAnchors {
  const anchors = new Map<string, Node | undefined>()
  visit(root, (_key, node) => {
    if (isPair(node) || isAlias(node)) return
    const { anchor } = node as { anchor?: string }
    if (anchor !== undefined) anchors.set(anchor, anchors.has(anchor) ? undefined : (node as Node))
  })
  return anchors
}

/** The field at a path of an object, through aliases and merge keys. */
export function pairAt(root: Node, path: readonly (string | number)[], anchors: NodeAnchors): FoundPair | undefined {
  let node: Node | undefined = root
  for (const [depth, step] of path.entries()) {
    const here = resolve(node, anchors)
    if (typeof step === 'number') {
      node = isSeq(here) ? (here.items[step] as Node | undefined) : undefined
      continue
    }
    const found = isMap(here) ? pairIn(here, step, anchors) : undefined
    if (found === undefined || depth === path.length - 1) return found
    node = found.value
  }
  return undefined
}

function resolve(node: Node | undefined, anchors: NodeAnchors): Node | undefined {
  return isAlias(node) ? anchors.get(node.source) : node
}

/** A map's own field, else that of a map that it merges (`<<`). */
function pairIn(map: YAMLMap, name: string, anchors: NodeAnchors): FoundPair | undefined {
  const pairs = map.items as Pair<unknown, Node | null>[]
  for (const [index, { key, value }] of pairs.entries()) {
    if (isScalar(key) && String(key.value) === name && value !== null) return { map, index, key, value }
  }
  for (const { key, value } of pairs) {
    if (!isMerge(key) || value === null) continue
    for (const base of isSeq(value) ? (value.items as Node[]) : [value]) {
      const merged = resolve(base, anchors)
      const found = isMap(merged) ? pairIn(merged, name, anchors) : undefined
      if (found !== undefined) return found
    }
  }
  return undefined
}

function isMerge(key: unknown): boolean {
  return isScalar(key) && (typeof key.value === 'symbol' || key.value === '<<')
}
