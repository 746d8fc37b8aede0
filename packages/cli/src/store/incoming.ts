import { realpathSync, statSync } from 'node:fs'
import { basename, extname } from 'node:path'
import { KINDS, loadSources, type ConfigObject, type ConfigSource, type Finding, type KindName } from '@mesh/core/config'
import { locateObjects, withNamespace, withoutField, type Edited, type LocatedObject } from '@mesh/core/edit'
import { storedObjects } from './store.ts'

/** A text that holds objects to be stored. */
export interface IncomingSource {
  /** As it was named. */
  readonly label: string
  /** What is stored: the text as it was written, without what `get` had added. */
  readonly text: string
  /** Where it is on disk, links followed; absent for standard input. */
  readonly path?: string
  /** Name of the file that meshctl keeps it in; absent for standard input, whose objects get a file each. */
  readonly fileName?: string
}

/** A valid object to be stored. */
export interface IncomingObject {
  readonly key: string
  readonly source: IncomingSource
  readonly located: LocatedObject
  readonly object: ConfigObject
  readonly version: string
  /** The content that must be in the store before: the `resourceVersion` that `get` had printed. */
  readonly expected?: string
}

/** What there is to be stored, and everything that is to be said about it. */
export interface Incoming {
  readonly objects: readonly IncomingObject[]
  readonly findings: readonly Finding[]
  /** Why nothing can be done, beside findings that are errors. */
  readonly problems: readonly string[]
}

/** Validates texts as one set; objects without a namespace get `namespace`. */
export function incomingSet(sources: readonly ConfigSource[], namespace: string | undefined): Incoming {
  const { findings } = loadSources(sources)
  if (findings.some(({ severity }) => severity === 'error')) return { objects: [], findings, problems: [] }
  const prepared = sources.map((source) => prepare(source, namespace))
  const problems = prepared.flatMap(({ problems: own }) => own)
  return { objects: prepared.flatMap(({ objects }) => objects), findings, problems }
}

interface Prepared {
  readonly objects: readonly IncomingObject[]
  readonly problems: readonly string[]
}

function prepare({ file, text }: ConfigSource, namespace: string | undefined): Prepared {
  const problems: string[] = []
  const before = locateObjects(text).objects
  const expected = before.map(versionIn)
  let own = text
  let now = before
  for (const [index, first] of before.entries()) {
    for (const edit of editsOf(first, namespace)) {
      const located = now[index]
      const edited = located === undefined ? undefined : edit(own, located)
      if (edited?.kind === 'refused') problems.push(`${file}:${first.line}:${first.column}: ${edited.reason}`)
      if (edited?.kind !== 'text' || edited.text === own) continue
      // An edit moves what comes after it.
      own = edited.text
      now = locateObjects(own).objects
    }
  }
  const source = { label: file, text: own, ...fileOf(file) }
  const objects = storedObjects(file, own, now).flatMap(({ key, located, object, version }, index) => {
    const wanted = expected[index]
    if (object === undefined || version === undefined) return []
    return { key, source, located, object, version, ...(wanted === undefined ? {} : { expected: wanted }) }
  })
  return { objects, problems }
}

type Edit = (text: string, located: LocatedObject) => Edited

/** What is done to an object: what `get` had added to it is taken off, and its namespace is written in. */
function editsOf(object: LocatedObject, namespace: string | undefined): readonly Edit[] {
  const added: readonly Edit[] = ADDED.map((path) => (text, located) => withoutField(text, located, path))
  return [...(versionIn(object) === undefined ? [] : added), ...namespaceEdit(object, namespace)]
}

const ADDED = [['metadata', 'resourceVersion'], ['metadata', 'generation'], ['status']] as const

function namespaceEdit({ kind, name, ownNamespace }: LocatedObject, namespace: string | undefined): readonly Edit[] {
  if (namespace === undefined || !Object.hasOwn(KINDS, kind) || !KINDS[kind as KindName].namespaced) return []
  if (ownNamespace === undefined) return namespace === 'default' ? [] : [(text, located) => withNamespace(text, located, namespace)]
  if (ownNamespace === namespace) return []
  return [
    () => ({ kind: 'refused', reason: `${kind} ${name} says that it belongs to namespace ${ownNamespace}, and -n says ${namespace}.` }),
  ]
}

/** A version that `get` has printed; those of other stores, as in an export of kubectl, say nothing here. */
function versionIn({ value }: LocatedObject): string | undefined {
  const version = (value as { readonly metadata?: { readonly resourceVersion?: unknown } }).metadata?.resourceVersion
  return typeof version === 'string' && /^[0-9a-f]{12}$/.test(version) ? version : undefined
}

function fileOf(label: string): Pick<IncomingSource, 'path' | 'fileName'> {
  if (label === STDIN || statSync(label, { throwIfNoEntry: false }) === undefined) return {}
  return { path: realpathSync(label), fileName: keptName(basename(label)) }
}

/** How standard input is named in findings. */
export const STDIN = 'stdin'

/** A name that pilot reads: no leading dot, and the extension of a configuration file. */
function keptName(name: string): string {
  const visible = name.replace(/^\.+/, '')
  return /^\.(?:ya?ml|json)$/i.test(extname(visible)) ? visible : `${visible}.yaml`
}
