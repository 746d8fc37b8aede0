import { isAlias, isMap, isScalar, isSeq, visit, type Node, type Pair, type Scalar, type YAMLMap } from 'yaml'

/** The anchors of a document. */
export interface NodeAnchors {
  /** What each stands for; undefined where one name was given twice. */
  readonly nodes: ReadonlyMap<string, Node | undefined>
  /** Those that an alias calls. */
  readonly called: ReadonlySet<string>
}

/** A field in the text: its map, and its key and value there. */
export interface FoundPair {
  readonly map: YAMLMap
  readonly index: number
  readonly key: Scalar
  readonly value: Node
  /** Whether the value is called elsewhere by its anchor. */
  readonly shared: boolean
}

export function anchorsIn(root: Node): NodeAnchors {
  const nodes = new Map<string, Node | undefined>()
  const called = new Set<string>()
  visit(root, (_key, node) => {
    if (isAlias(node)) called.add(node.source)
    else if ((isScalar(node) || isMap(node) || isSeq(node)) && node.anchor !== undefined) {
      nodes.set(node.anchor, nodes.has(node.anchor) ? undefined : node)
    }
  })
  return { nodes, called }
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
  return isAlias(node) ? anchors.nodes.get(node.source) : node
}

/** A map's own field, else that of a map that it merges (`<<`). */
function pairIn(map: YAMLMap, name: string, anchors: NodeAnchors): FoundPair | undefined {
  const pairs = map.items as Pair<unknown, Node | null>[]
  for (const [index, { key, value }] of pairs.entries()) {
    if (isScalar(key) && String(key.value) === name && value !== null)
      return { map, index, key, value, shared: !isAlias(value) && anchors.called.has(value.anchor ?? '') }
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
