import { isMap, isScalar, type Pair, type YAMLMap } from 'yaml'
import type { LocatedObject } from './locate.ts'
import { columnOf } from './object-text.ts'
import { replaceObject } from './splice.ts'
import { firstGood, type Edited } from './verify.ts'
import { yamlText } from './object-text.ts'

type Path = readonly [string] | readonly [string, string]
type Fields = Readonly<Record<string, unknown>>

/** Writes a namespace into an object that names none. */
export function withNamespace(text: string, object: LocatedObject, namespace: string): Edited {
  const root = object.value as Fields
  const value = { ...root, metadata: { ...(root['metadata'] as Fields), namespace } }
  const name = pairAt(object.place.node, ['metadata', 'name'])?.map
  const offset = name === undefined ? undefined : offsetOf(pairIn(name, 'name'))
  const insert = (words: string): string | undefined =>
    offset === undefined ? undefined : `${text.slice(0, offset)}${words}${text.slice(offset)}`
  const line = `namespace: ${namespace}\n${' '.repeat(offset === undefined ? 0 : columnOf(text, offset))}`
  return orWhole(text, object, value, [
    () => (name?.flow === true ? undefined : insert(line)),
    () => insert(text[offset ?? 0] === '"' ? `"namespace": "${namespace}", ` : `namespace: ${namespace}, `),
  ])
}

/** Takes fields out of an object: of its root, or of `metadata`. */
export function withoutField(text: string, object: LocatedObject, path: Path): Edited {
  const found = pairAt(object.place.node, path)
  if (found === undefined) return { kind: 'text', text }
  return orWhole(text, object, without(object.value as Fields, path), [() => lineOut(text, found), () => flowOut(text, found)])
}

/** When no small edit does it, the whole object is written anew. */
function orWhole(text: string, object: LocatedObject, value: unknown, ways: readonly (() => string | undefined)[]): Edited {
  const small = firstGood(text, { object, value }, ways)
  return small.kind === 'text' ? small : replaceObject(text, object, { text: yamlText(value), value })
}

interface FoundPair {
  readonly map: YAMLMap
  readonly index: number
}

function lineOut(text: string, { map, index }: FoundPair): string | undefined {
  const pair = map.items[index]
  const start = offsetOf(pair)
  const end = endOf(pair)
  if (map.flow === true || start === undefined || end === undefined) return undefined
  const line = text.lastIndexOf('\n', start - 1) + 1
  if (text.slice(line, start).trim() !== '') return undefined
  const newline = text[end - 1] === '\n' ? end : text.indexOf('\n', end) + 1
  return newline === 0 ? text.slice(0, line) : `${text.slice(0, line)}${text.slice(newline)}`
}

function flowOut(text: string, { map, index }: FoundPair): string | undefined {
  const start = offsetOf(map.items[index])
  const next = offsetOf(map.items[index + 1])
  const previous = endOf(map.items[index - 1])
  const end = endOf(map.items[index])
  if (start !== undefined && next !== undefined) return `${text.slice(0, start)}${text.slice(next)}`
  return previous === undefined || end === undefined ? undefined : `${text.slice(0, previous)}${text.slice(end)}`
}

function pairAt(root: YAMLMap, [first, second]: Path): FoundPair | undefined {
  const index = root.items.findIndex((pair) => isScalar(pair.key) && pair.key.value === first)
  if (index < 0) return undefined
  if (second === undefined) return { map: root, index }
  const below = root.items[index]?.value
  return isMap(below) ? pairAt(below, [second]) : undefined
}

function pairIn(map: YAMLMap, name: string): Pair | undefined {
  return map.items.find((pair) => isScalar(pair.key) && pair.key.value === name)
}

function offsetOf(pair: Pair | undefined): number | undefined {
  return (pair?.key as { readonly range?: readonly number[] } | undefined)?.range?.[0]
}

function endOf(pair: Pair | undefined): number | undefined {
  const value = pair?.value as { readonly range?: readonly number[] } | null | undefined
  return value?.range?.[1] ?? (pair?.key as { readonly range?: readonly number[] } | undefined)?.range?.[1]
}

function without(value: Fields, [first, second]: Path): Fields {
  if (second !== undefined) return { ...value, [first]: without(value[first] as Fields, [second]) }
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== first))
}
