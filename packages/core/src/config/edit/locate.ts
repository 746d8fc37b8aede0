import { isMap, isSeq, type Node, type YAMLMap } from 'yaml'
import { identify } from '../check/identify.ts'
import { guessObject } from '../check/guess-object.ts'
import { KINDS, type KindEntry, type KindName } from '../kinds.ts'
import type { ObjectId } from '../object-id.ts'
import { plainValue } from '../read/plain-value.ts'
import { readDocuments, type ReadDocument, type ReadText } from '../read/read-documents.ts'

/** An object as it stands in a text, whether it is valid or not. */
export interface LocatedObject extends ObjectId {
  readonly apiVersion: string
  /** The namespace as it is written; absent where none is. */
  readonly ownNamespace?: string
  /** Of its first field, counted from 1. */
  readonly line: number
  readonly column: number
  readonly place: ObjectPlace
  /** All of it as plain values. */
  readonly value: unknown
}

/** Where an object stands, in offsets of its text. */
export interface ObjectPlace {
  readonly node: YAMLMap
  readonly start: number
  readonly end: number
  /** Of its document, with all that belongs to that. */
  readonly documentStart: number
  readonly documentEnd: number
  /** Of an item of a List. */
  readonly item?: { readonly index: number; readonly all: readonly Node[]; readonly flow: boolean }
}

/** A document that is not readable, and the object that it seems to be. */
export interface UnreadablePart {
  readonly line: number
  readonly column: number
  readonly message: string
  readonly seems?: ObjectId
}

export interface LocatedText {
  readonly objects: readonly LocatedObject[]
  readonly unreadable: readonly UnreadablePart[]
}

/** Where the objects of a YAML or JSON text stand, those of Lists too. Never throws, whatever the text. */
export function locateObjects(text: string): LocatedText {
  const read = readDocuments(text)
  if (read.fault !== undefined) return { objects: [], unreadable: [unreadable(read, read.fault)] }
  return {
    objects: read.documents.flatMap((document) => objectsIn(document, read)),
    unreadable: read.documents.flatMap(({ fault, text: own }) => (fault === undefined ? [] : unreadable(read, fault, own))),
  }
}

function unreadable(read: ReadText, fault: { readonly message: string; readonly offset: number }, text = ''): UnreadablePart {
  const [line, column] = read.placeOf(fault.offset)
  const guess = guessObject(text)
  const seems = guess === undefined ? {} : { seems: { kind: guess.objectKind, namespace: guess.namespace, name: guess.name } }
  return { line, column, message: fault.message, ...seems }
}

function objectsIn(document: ReadDocument, read: ReadText): readonly LocatedObject[] {
  const root = document.node ?? null
  const anchors = new Map()
  const bounds = { documentStart: document.offset, documentEnd: document.offset + document.text.length }
  const at = (node: unknown, item?: ObjectPlace['item']): readonly LocatedObject[] => {
    const { value } = plainValue(node, read, anchors)
    const range = isMap(node) ? node.range : undefined
    if (!isMap(node) || range === undefined || range === null) return []
    const place = { node, start: range[0], end: range[1], ...bounds, ...(item === undefined ? {} : { item }) }
    const [line, column] = read.placeOf(range[0])
    return [{ ...identityOf(value), line, column, place, value }]
  }
  const list = listOf(root)
  if (list === undefined) return at(root)
  return list.all.flatMap((node, index) => at(node, { index, ...list }))
}

function listOf(root: unknown): { readonly all: readonly Node[]; readonly flow: boolean } | undefined {
  if (!isMap(root)) return undefined
  const kind: unknown = root.get('kind')
  const items: unknown = root.get('items', true)
  if (typeof kind !== 'string' || !kind.endsWith('List') || !isSeq(items)) return undefined
  return { all: items.items as Node[], flow: items.flow === true }
}

function identityOf(value: unknown): Omit<LocatedObject, 'line' | 'column' | 'place' | 'value'> {
  const root = fields(value)
  const meta = fields(root['metadata'])
  const apiVersion = text(root['apiVersion']) ?? ''
  const { kind, entry } = kindOf(apiVersion, text(root['kind']) ?? '')
  const own = text(meta['namespace'])
  const namespace = entry?.namespaced === false ? '' : (own ?? 'default')
  return { apiVersion, kind, namespace, name: text(meta['name']) ?? '', ...(own === undefined ? {} : { ownNamespace: own }) }
}

/** A kind of this mesh also where its version is wrong, so that it can be mended; another group's kind has that in its name. */
function kindOf(apiVersion: string, kind: string): { readonly kind: string; readonly entry?: KindEntry } {
  const identity = identify(apiVersion, kind)
  const known: KindName | undefined = identity.kind === 'known' ? identity.name : identity.meant
  if (known !== undefined) return { kind: known, entry: KINDS[known] }
  const slash = apiVersion.indexOf('/')
  return { kind: slash < 0 ? kind : `${kind}.${apiVersion.slice(0, slash)}` }
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
