import { checkObject, type BrokenObject } from './check/check-object.ts'
import { guessObject } from './check/guess-object.ts'
import { findingOf, type Finding } from './finding.ts'
import { CONFIG_LIMITS } from './limits.ts'
import { objectIdKey } from './object-id.ts'
import type { ConfigObject } from './object.ts'
import { objectNodes } from './read/object-nodes.ts'
import { plainValue } from './read/plain-value.ts'
import { readDocuments, type ReadDocument, type ReadText, type TextFault } from './read/read-documents.ts'

/** A piece of configuration: YAML or JSON, any number of documents. */
export interface ConfigSource {
  /** How it is named in findings and origins: a path. */
  readonly file: string
  readonly text: string
}

/** What is not valid in a source: one object, or a text of which not even the object can be told. */
export type Broken = BrokenObject | { readonly kind: 'file'; readonly file: string }

export interface LoadedSources {
  /** Valid objects, in the order of the sources. */
  readonly objects: readonly ConfigObject[]
  readonly findings: readonly Finding[]
  readonly broken: readonly Broken[]
}

/** Parses and validates sources object by object: a broken one hurts only itself. Never throws, whatever the text. */
export function loadSources(sources: readonly ConfigSource[]): LoadedSources {
  return joinSources(sources.map(loadSource))
}

/** The objects of several sources; of two with the same kind, namespace and name the later one is refused. */
export function joinSources(loaded: readonly LoadedSources[]): LoadedSources {
  const first = new Map<string, ConfigObject>()
  const objects: ConfigObject[] = []
  const findings: Finding[] = []
  for (const source of loaded) {
    findings.push(...source.findings)
    for (const object of source.objects) {
      const key = objectIdKey(object)
      const earlier = first.get(key)
      if (earlier === undefined) {
        first.set(key, object)
        objects.push(object)
      } else findings.push(duplicate(object, earlier))
    }
  }
  return { objects, findings, broken: loaded.flatMap((source) => source.broken) }
}

/** One source alone: equal texts give equal results. */
export function loadSource(source: ConfigSource): LoadedSources {
  const read = readDocuments(source.text)
  if (read.fault !== undefined) return unreadable(source, read, read.fault)
  return joinParts(read.documents.map((document) => loadDocument(source, read, document)))
}

function loadDocument(source: ConfigSource, read: ReadText, document: ReadDocument): LoadedSources {
  if (document.fault !== undefined) return brokenDocument(source, read, document, document.fault)
  const anchors = new Map()
  const checked = objectNodes(document.node ?? null).map((node) => {
    const offset = node?.range?.[0] ?? document.offset
    const [line, column] = read.placeOf(offset)
    return checkObject(plainValue(node, read, anchors), { file: source.file, line, column })
  })
  return {
    objects: checked.flatMap((one) => one.object ?? []),
    findings: checked.flatMap((one) => bounded(one.findings)),
    broken: checked.flatMap((one) => (one.broken === undefined ? [] : withFile(one.broken, source.file))),
  }
}

/** An object without kind or name could be any of its file. */
function withFile(broken: BrokenObject, file: string): readonly Broken[] {
  return broken.objectKind === undefined || broken.name === '' ? [broken, { kind: 'file', file }] : [broken]
}

/** A document that is no YAML: its object is told from its text, so that its last good form can stay. */
function brokenDocument(source: ConfigSource, read: ReadText, document: ReadDocument, fault: TextFault): LoadedSources {
  const [line, column] = read.placeOf(fault.offset)
  const guess = guessObject(document.text)
  const place = { file: source.file, line, column }
  const origin = { kind: guess?.objectKind ?? 'Document', namespace: guess?.namespace ?? '', name: guess?.name ?? '', ...place }
  const broken: readonly Broken[] =
    guess === undefined ? [{ kind: 'file', file: source.file }] : withFile({ kind: 'object', ...guess, origin }, source.file)
  return { objects: [], findings: [textFinding(fault, origin)], broken }
}

function unreadable(source: ConfigSource, read: ReadText, fault: TextFault): LoadedSources {
  const [line, column] = read.placeOf(fault.offset)
  const origin = { kind: 'Document', namespace: '', name: '', file: source.file, line, column }
  return { objects: [], findings: [textFinding(fault, origin)], broken: [{ kind: 'file', file: source.file }] }
}

function textFinding(fault: TextFault, origin: Finding['origin']): Finding {
  return findingOf(fault.tooLarge === true ? 'MESH0002' : 'MESH0001', { origin, message: fault.message })
}

function duplicate(object: ConfigObject, earlier: ConfigObject): Finding {
  const where = earlier.origin.file === undefined ? '' : ` in ${earlier.origin.file}:${earlier.origin.line}`
  return findingOf('MESH0005', {
    origin: object.origin,
    message: `${object.kind} ${object.meta.name} is already written${where}; this one is ignored.`,
    fix: 'Keep one of the two.',
  })
}

function bounded(findings: readonly Finding[]): readonly Finding[] {
  const over = findings.length - CONFIG_LIMITS.maxFindingsPerDocument
  const last = findings[CONFIG_LIMITS.maxFindingsPerDocument]
  if (over <= 0 || last === undefined) return findings
  return [
    ...findings.slice(0, CONFIG_LIMITS.maxFindingsPerDocument),
    findingOf('MESH0009', { origin: last.origin, message: `There are ${over} more findings about this object.` }),
  ]
}

function joinParts(parts: readonly LoadedSources[]): LoadedSources {
  return {
    objects: parts.flatMap((part) => part.objects),
    findings: parts.flatMap((part) => part.findings),
    broken: parts.flatMap((part) => part.broken),
  }
}
