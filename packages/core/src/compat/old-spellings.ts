import type { Node } from 'yaml'
import { identify, type Identity } from '../config/check/identify.ts'
import { notesOn } from '../config/fields/note.ts'
import type { Rewrite } from '../config/fields/rewrite.ts'
import type { KindEntry } from '../config/kinds.ts'
import { formatPath } from '../config/object.ts'
import { objectNodes } from '../config/read/object-nodes.ts'
import { plainValue, type Anchors } from '../config/read/plain-value.ts'
import type { ReadDocument, ReadText } from '../config/read/read-documents.ts'
import { anchorsIn, pairAt, type NodeAnchors } from './pair-at.ts'
import { rewriteEdits, type TextEdit } from './rewrite-edits.ts'

/** An old spelling in a text, and the edits that bring it up to date; none where that cannot be done. */
export interface OldSpelling {
  /** Where it stands: an offset in the source. */
  readonly at: number
  readonly what: string
  readonly from: string
  readonly to: string
  readonly edits: readonly TextEdit[]
}

/** All old spellings of the valid objects of a document. */
export function oldSpellings(root: NonNullable<ReadDocument['node']>, read: ReadText): readonly OldSpelling[] {
  const anchors: Anchors = new Map()
  const nodes = anchorsIn(root)
  return objectNodes(root).flatMap((node) => (node === null ? [] : inObject({ node, read, anchors, nodes })))
}

interface ObjectText {
  readonly node: Node
  readonly read: ReadText
  readonly anchors: Anchors
  readonly nodes: NodeAnchors
}

type Fields = Readonly<Record<string, unknown>>

function inObject(object: ObjectText): readonly OldSpelling[] {
  const plain = plainValue(object.node, object.read, object.anchors)
  const root = isFields(plain.value) ? plain.value : {}
  const identity = identify(root['apiVersion'], root['kind'])
  if (plain.faults.length > 0) return []
  const called = `${String(root['kind'])} ${nameOf(root['metadata'])}`
  const old = identity.kind === 'known' ? [...ofVersion(identity.entry, root), ...ofFields(identity.entry, root)] : ofInert(identity, root)
  return old.map((one) => spelling(object, called, one.path, one.rewrite))
}

interface Old {
  readonly path: readonly (string | number)[]
  readonly rewrite: Rewrite
}

function ofFields(entry: KindEntry, root: Fields): readonly Old[] {
  const { apiVersion: _version, kind: _kind, metadata: _metadata, status: _status, ...rest } = root
  const body = entry.schema.safeParse(entry.place === 'spec' ? (rest['spec'] ?? {}) : rest)
  const notes = body.success ? notesOn(entry.schema, body.data) : []
  return notes.flatMap((note) => (note.rewrite === undefined ? [] : [{ path: [...prefix(entry), ...note.path], rewrite: note.rewrite }]))
}

function prefix(entry: KindEntry): readonly string[] {
  return entry.place === 'spec' ? ['spec'] : []
}

/** Of a kind that this mesh does not carry out; a version that Istio never served stays. */
function ofInert({ inert }: Extract<Identity, { readonly kind: 'other' }>, root: Fields): readonly Old[] {
  const isServed = inert?.versions.some((version) => `${inert.group}/${version}` === root['apiVersion']) === true
  return inert !== undefined && isServed ? ofVersion(inert, root) : []
}

/** The newest version of a kind stands first. */
function ofVersion({ group, versions }: Pick<KindEntry, 'group' | 'versions'>, { apiVersion }: Fields): readonly Old[] {
  const to = group === '' ? (versions[0] ?? '') : `${group}/${versions[0]}`
  return apiVersion === to ? [] : [{ path: ['apiVersion'], rewrite: { kind: 'value', to } }]
}

function spelling({ node, read, nodes }: ObjectText, called: string, path: readonly (string | number)[], rewrite: Rewrite): OldSpelling {
  const found = pairAt(node, path, nodes)
  const what = `${called} ${formatPath(path)}`
  if (found === undefined) return { at: node.range?.[0] ?? 0, what, from: String(path.at(-1)), to: '', edits: [] }
  return { at: found.key.range?.[0] ?? 0, what, ...rewriteEdits(found, rewrite, read.text) }
}

function nameOf(metadata: unknown): string {
  const { namespace, name } = isFields(metadata) ? metadata : {}
  return typeof namespace === 'string' ? `${namespace}/${String(name)}` : String(name)
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
