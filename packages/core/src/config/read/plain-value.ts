import { isAlias, isMap, isScalar, isSeq, type Pair, type Scalar, type YAMLMap } from 'yaml'
import { CONFIG_LIMITS } from '../limits.ts'
import { formatPath, type FieldPlaces } from '../object.ts'

export interface PlainValue {
  readonly value: unknown
  readonly places: FieldPlaces
  readonly faults: readonly PlainFault[]
  /** Block texts (`|`): the line after their header, and how far they are indented. */
  readonly blocks: Readonly<Record<string, TextBlock>>
  /** Fields that stand there without a value, and are taken as absent. */
  readonly empty: readonly (readonly (string | number)[])[]
}

export interface PlainFault {
  readonly message: string
  readonly fix?: string
  readonly path: readonly (string | number)[]
  readonly place: readonly [line: number, column: number]
  readonly tooLarge?: boolean
}

/** The text that the node came from. */
export interface SourceText {
  readonly text: string
  placeOf(offset: number): readonly [line: number, column: number]
}

export interface TextBlock {
  readonly line: number
  readonly indent: number
}

type Path = readonly (string | number)[]

/**
 * A YAML node as plain values: text, numbers, booleans, lists and maps, with the place of each field.
 * Aliases become the value they stand for, merge keys are merged, a field without value is absent (as in Kubernetes).
 */
export function plainValue(root: unknown, source: SourceText, anchors: Anchors = new Map()): PlainValue {
  const walk = new Walk(source, anchors)
  const value = walk.convert(root, [], 0)
  return { value, places: walk.places, blocks: walk.blocks, faults: walk.faults, empty: walk.empty }
}

/** What each anchor of a document stands for, and how many values that is. */
export type Anchors = Map<string, { readonly value: unknown; readonly nodes: number }>

class Walk {
  readonly places: Record<string, readonly [number, number]> = Object.create(null) as Record<string, readonly [number, number]>
  readonly blocks: Record<string, TextBlock> = Object.create(null) as Record<string, TextBlock>
  readonly faults: PlainFault[] = []
  readonly empty: Path[] = []
  readonly #source: SourceText
  readonly #anchors: Anchors
  #nodes = 0

  constructor(source: SourceText, anchors: Anchors) {
    this.#source = source
    this.#anchors = anchors
  }

  convert(node: unknown, path: Path, depth: number): unknown {
    const before = this.#nodes++
    if (this.#isOver(node, path, depth)) return undefined
    const value = isAlias(node) ? this.#follow(node.source, node, path) : this.#content(node, path, depth)
    const anchor = anchorOf(node)
    if (anchor !== undefined) this.#anchors.set(anchor, { value, nodes: this.#nodes - before })
    return value
  }

  #content(node: unknown, path: Path, depth: number): unknown {
    if (isMap(node)) return this.#map(node, path, depth)
    if (isSeq(node)) return node.items.map((item, index) => this.#item(item, [...path, index], depth))
    if (isScalar(node)) return this.#scalar(node, path)
    return null
  }

  #item(item: unknown, path: Path, depth: number): unknown {
    this.#place(path, item)
    return this.convert(item, path, depth + 1)
  }

  #map(node: YAMLMap, path: Path, depth: number): unknown {
    const map: Record<string, unknown> = {}
    const own = new Set<string>()
    for (const pair of node.items as Pair[]) {
      if (isMerge(pair.key)) {
        this.#merge(map, own, pair, path, depth)
        continue
      }
      const key = this.#key(pair.key, path)
      if (key === undefined) continue
      if (own.has(key)) this.#fault([...path, key], pair.key, `\`${key}\` is written twice.`, 'Keep one of the two.')
      own.add(key)
      this.#place([...path, key], pair.key)
      const value = this.convert(pair.value, [...path, key], depth + 1)
      if (value === null) this.empty.push([...path, key])
      if (value === null || value === undefined) delete map[key]
      else map[key] = value
    }
    return map
  }

  /** `<<: *base`: the fields of the base that are not written here. */
  #merge(map: Record<string, unknown>, own: ReadonlySet<string>, pair: Pair, path: Path, depth: number): void {
    const base = this.convert(pair.value, path, depth + 1)
    for (const source of Array.isArray(base) ? (base as unknown[]) : [base]) {
      if (typeof source !== 'object' || source === null || Array.isArray(source)) {
        this.#fault(path, pair.key, 'Only a map can be merged with `<<`.')
        continue
      }
      for (const [key, value] of Object.entries(source)) if (!own.has(key) && !Object.hasOwn(map, key)) map[key] = value
    }
  }

  #key(node: unknown, path: Path): string | undefined {
    const value = isScalar(node) ? node.value : undefined
    if (value === '__proto__') this.#fault(path, node, '`__proto__` cannot be the name of a field.')
    else if (typeof value === 'string') return this.#text(value, path, node, 'The name of a field')
    else if (typeof value === 'number' && Number.isFinite(value)) return isScalar(node) ? (node.source ?? String(value)) : String(value)
    else if (typeof value === 'boolean') return isScalar(node) ? (node.source ?? String(value)) : String(value)
    else this.#fault(path, node, 'The name of a field must be text.')
    return undefined
  }

  /** A bare `.` looks like a number to YAML 1.1, and is text to kubectl. */
  #scalar(node: Scalar, path: Path): unknown {
    const value = node.value
    if (node.type === 'BLOCK_LITERAL') this.#block(node, path)
    if (typeof value === 'string') return this.#text(value, path, node, 'The value')
    if (typeof value === 'boolean' || value === null) return value
    if (typeof value === 'number' && Number.isFinite(value)) return value
    if (Number.isNaN(value) && node.source !== undefined && !/nan$/i.test(node.source)) return node.source
    this.#fault(path, node, 'The value is neither text, a number, `true` nor `false`.', 'Write it in quotes.')
    return undefined
  }

  /** `"\ud800"` is half a character: no UTF-8 can say it, so that it could reach no proxy. */
  #text(value: string, path: Path, node: unknown, what: string): string | undefined {
    if (value.isWellFormed()) return value
    const half = /\p{Surrogate}/u.exec(value)?.[0].charCodeAt(0).toString(16)
    this.#fault(path, node, `${what} holds half a character (\\u${half}).`, 'Write the character itself.')
    return undefined
  }

  /** The header of a block text stands on one line, its content begins on the next. */
  #block(node: Scalar, path: Path): void {
    const offset = offsetOf(node)
    if (offset === undefined) return
    const indent = /^[|>][-+0-9]*[^\n]*\n(?:[ \t]*\n)*( *)/.exec(this.#source.text.slice(offset, offset + 4096))?.[1]?.length
    if (indent !== undefined) this.blocks[formatPath(path)] = { line: this.#source.placeOf(offset)[0] + 1, indent }
  }

  #follow(name: string, node: unknown, path: Path): unknown {
    const target = this.#anchors.get(name)
    if (target === undefined) {
      this.#fault(path, node, `The alias *${name.slice(0, CONFIG_LIMITS.maxQuotedChars)} stands for nothing.`)
      return undefined
    }
    this.#nodes += target.nodes
    return target.value
  }

  #isOver(node: unknown, path: Path, depth: number): boolean {
    const over =
      depth > CONFIG_LIMITS.maxDepth
        ? `The object is nested deeper than ${CONFIG_LIMITS.maxDepth} levels.`
        : this.#nodes > CONFIG_LIMITS.maxNodesPerDocument
          ? `The document holds more than ${CONFIG_LIMITS.maxNodesPerDocument} values.`
          : undefined
    if (over === undefined) return false
    if (this.faults.at(-1)?.tooLarge !== true)
      this.faults.push({ message: over, path, place: this.#source.placeOf(offsetOf(node) ?? 0), tooLarge: true })
    return true
  }

  #fault(path: Path, node: unknown, message: string, fix?: string): void {
    this.faults.push({ message, ...(fix === undefined ? {} : { fix }), path, place: this.#source.placeOf(offsetOf(node) ?? 0) })
  }

  #place(path: Path, node: unknown): void {
    const offset = offsetOf(node)
    if (offset !== undefined) this.places[formatPath(path)] = this.#source.placeOf(offset)
  }
}

function isMerge(key: unknown): boolean {
  return isScalar(key) && (typeof key.value === 'symbol' || (key.value === '<<' && key.type === 'PLAIN'))
}

function anchorOf(node: unknown): string | undefined {
  return isMap(node) || isSeq(node) || isScalar(node) ? node.anchor : undefined
}

function offsetOf(node: unknown): number | undefined {
  const range = (node as { readonly range?: readonly number[] | null } | null | undefined)?.range
  return range?.[0]
}
