import type { z } from 'zod'
import { FINDING_CODES, type FindingCode } from '../codes.ts'
import { notesOn } from '../fields/note.ts'
import { findingOf, type Finding } from '../finding.ts'
import type { KindEntry, KindName } from '../kinds.ts'
import { fieldOrigin, formatPath, type ConfigObject, type FieldPlaces } from '../object.ts'
import type { Origin } from '../origin.ts'
import type { PlainValue } from '../read/plain-value.ts'
import { annotationIssues } from './annotations.ts'
import { identify, type Identity } from './identify.ts'
import { fieldsAt } from './fields-at.ts'
import { issueTexts, unknownField, type IssueText } from './issue-text.ts'
import { meshConfigOf, type EmbeddedConfig } from './mesh-config-of.ts'
import { Metadata, objectMeta } from './meta.ts'
import { isSecurityKind, selectorOf } from './security-kind.ts'

/** What became of one document: an object, perhaps with remarks; a broken object; or nothing of ours. */
export interface CheckedObject {
  readonly object?: ConfigObject
  readonly broken?: BrokenObject
  readonly findings: readonly Finding[]
}

/** An object that is not valid, as far as it could be read. */
export interface BrokenObject {
  readonly kind: 'object'
  /** Absent where the kind cannot be told. */
  readonly objectKind?: KindName
  readonly namespace: string
  /** Empty where it cannot be told. */
  readonly name: string
  readonly origin: Origin
  /** Of a security policy: which workloads it selects. */
  readonly selector?: Readonly<Record<string, string>>
}

const DRY_RUN = 'istio.io/dry-run'

type Path = readonly (string | number)[]
type Fields = Readonly<Record<string, unknown>>

/** Validates one document: metadata, then its body by the schema of its kind. */
export function checkObject(plain: PlainValue, origin: Omit<Origin, 'kind' | 'namespace' | 'name'>): CheckedObject {
  if (plain.value === null || plain.value === undefined) return { findings: [] }
  const root = isFields(plain.value) ? plain.value : {}
  const identity = identify(root['apiVersion'], root['kind'])
  const name = rawName(root, identity)
  const shell = {
    meta: { ...name, labels: {}, annotations: {} },
    apiVersion: String(root['apiVersion']),
    body: undefined,
    places: plain.places,
  }
  const draft: ConfigObject = {
    ...shell,
    kind: name.kind,
    origin: { ...origin, kind: name.kind, namespace: name.namespace, name: name.name },
  }
  const report = new Report(draft)
  for (const fault of plain.faults) report.add(fault.tooLarge === true ? 'MESH0002' : 'IST0106', fault, [fault.place[0], fault.place[1]])
  if (identity.kind === 'other') {
    report.add(identity.code, { ...identity, path: [identity.field] })
    return report.hasErrors ? { findings: report.findings, broken: brokenOf(draft, identity.meant, root) } : { findings: report.findings }
  }
  return checkKnown(root, plain, identity, draft, report)
}

function checkKnown(
  root: Fields,
  plain: PlainValue,
  identity: Extract<Identity, { kind: 'known' }>,
  draft: ConfigObject,
  report: Report,
): CheckedObject {
  const { entry, name } = identity
  const meta = report.parse(Metadata, root['metadata'] ?? {}, ['metadata'], false)
  const { apiVersion: _version, kind: _kind, metadata: _meta, status: _status, ...rest } = root
  const body = report.parse(entry.schema, bodyInput(entry, rest, report), entry.place === 'spec' ? ['spec'] : [], name === 'Secret')
  reportEmpty(plain, entry, isSecurityKind(name), report)
  for (const issue of annotationIssues(name, meta?.annotations ?? {})) report.add(issue.code, issue)
  if (name === 'AuthorizationPolicy' && meta?.annotations?.[DRY_RUN] === 'true') {
    report.add('MESH0101', {
      path: ['metadata', 'annotations', DRY_RUN],
      message: `A policy with \`${DRY_RUN}\` is not enforced, and its verdicts are not recorded yet.`,
    })
  }
  const embedded = name === 'ConfigMap' && draft.meta.name === 'istio' ? meshSettings(draft, body, plain, report) : undefined
  if (report.hasErrors || meta === undefined || body === undefined) {
    return { findings: report.findings, broken: brokenOf(draft, name, root) }
  }
  const object: ConfigObject = {
    ...draft,
    meta: objectMeta(meta, entry.namespaced),
    body: embedded === undefined ? body : { ...(body as object), mesh: embedded.config },
    places: embedded === undefined ? plain.places : { ...plain.places, ...embedded.places },
  }
  return { object, findings: report.findings }
}

/** The mesh has one ConfigMap with its settings; one of that name elsewhere sets nothing. */
function meshSettings(draft: ConfigObject, body: unknown, plain: PlainValue, report: Report): EmbeddedConfig | undefined {
  if (draft.meta.namespace === ROOT_NAMESPACE) return meshConfigOf(body, plain, report)
  report.add('MESH0101', {
    path: ['metadata', 'namespace'],
    message: `The settings of the mesh are in the ConfigMap \`istio\` of ${ROOT_NAMESPACE}; this one is not read.`,
    fix: `Write \`namespace: ${ROOT_NAMESPACE}\`.`,
  })
  return undefined
}

const ROOT_NAMESPACE = 'istio-system'

/** The body's raw value; what stands beside `spec` and does not belong there is an unknown field. */
function bodyInput(entry: KindEntry, rest: Fields, report: Report): unknown {
  if (entry.place === 'root') return rest
  for (const key of Object.keys(rest)) {
    if (key !== 'spec')
      report.add('IST0106', { path: [key], message: `Unknown field \`${key}\`.`, fix: 'Known here: apiVersion, kind, metadata, spec.' })
  }
  return rest['spec'] ?? {}
}

/** A field without a value is absent, but must be one; in a security policy it could mean everything or nothing, and is refused. */
function reportEmpty(plain: PlainValue, entry: KindEntry, security: boolean, report: Report): void {
  for (const path of plain.empty) {
    const below = entry.place === 'spec' ? path.slice(1) : path
    const inBody = entry.place === 'root' || path[0] === 'spec'
    if (!inBody || below.length === 0 || ENVELOPE.has(String(path[0]))) continue
    const field = String(below.at(-1))
    const known = fieldsAt(entry.schema, below.slice(0, -1))
    if (known.length > 0 && !known.includes(field)) report.add('IST0106', unknownField(path, known))
    else if (security)
      report.add('IST0106', { path, message: `\`${field}\` has no value.`, fix: 'Write its value, or leave the field out.' })
  }
}

const ENVELOPE = new Set(['apiVersion', 'kind', 'metadata', 'status'])

/** Gathers findings about one object, each with its place. */
export class Report {
  readonly findings: Finding[] = []
  #object: ConfigObject
  #errors = 0

  constructor(object: ConfigObject) {
    this.#object = object
  }

  get hasErrors(): boolean {
    return this.#errors > 0
  }

  /** Takes in places of fields that came with an embedded text. */
  adopt(places: FieldPlaces): void {
    this.#object = { ...this.#object, places: { ...this.#object.places, ...places } }
  }

  add(code: FindingCode, text: IssueText, place?: readonly [number, number]): void {
    if (FINDING_CODES[code].severity === 'error') this.#errors++
    const at = fieldOrigin(this.#object, text.path)
    const origin = place === undefined ? at : { ...at, line: place[0], column: place[1], field: formatPath(text.path) }
    this.findings.push(findingOf(code, { origin, message: text.message, fix: text.fix }))
  }

  /** The value as its schema reads it, with everything to be said about it; undefined when it does not follow the schema. */
  parse<Schema extends z.ZodType>(schema: Schema, value: unknown, path: Path, secret: boolean): z.output<Schema> | undefined {
    const result = schema.safeParse(value)
    if (!result.success) {
      for (const issue of result.error.issues) {
        for (const text of issueTexts(issue, { schema, value, secret })) this.add('IST0106', { ...text, path: [...path, ...text.path] })
      }
      return undefined
    }
    for (const note of notesOn(schema, result.data)) {
      if (note.quiet !== true) this.add(note.code, { ...note, path: [...path, ...note.path] })
    }
    return result.data
  }
}

function rawName(root: Fields, identity: Identity): { readonly kind: string; readonly namespace: string; readonly name: string } {
  const meta = isFields(root['metadata']) ? root['metadata'] : {}
  const namespaced = identity.kind === 'other' || identity.entry.namespaced
  const text = (value: unknown, otherwise: string): string => (typeof value === 'string' ? value : otherwise)
  return {
    kind: text(root['kind'], 'Object'),
    namespace: namespaced ? text(meta['namespace'], 'default') : '',
    name: text(meta['name'], ''),
  }
}

function brokenOf(draft: ConfigObject, objectKind: KindName | undefined, root: Fields): BrokenObject {
  const { namespace, name } = draft.meta
  if (objectKind === undefined) return { kind: 'object', namespace, name, origin: draft.origin }
  const selector = isSecurityKind(objectKind) ? selectorOf(root) : undefined
  const origin = { ...draft.origin, kind: objectKind }
  return { kind: 'object', objectKind, namespace, name, origin, ...(selector === undefined ? {} : { selector }) }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
