import { idKey, objectIdKey, type Finding } from '@mesh/core/config'
import { LIMITS } from '../limits.ts'
import { statusInForce, statusNotInForce, type ObjectStatus } from './object-status.ts'
import type { PropagationFacts } from './propagation-page.ts'
import { proxiesNow, type Proxies } from './question.ts'

/** The objects that pilot knows, a bounded part at a time. */
export interface ObjectsPage {
  readonly snapshot: string
  readonly objects: readonly KnownObject[]
  /** Ask again with `after` set to this; absent on the last part. */
  readonly next?: string
}

export interface KnownObject {
  readonly kind: string
  readonly namespace: string
  readonly name: string
  readonly file?: string
  readonly line?: number
  /** The name of the content in force, and how often it changed; absent where none is in force. */
  readonly version?: string
  readonly generation?: number
  readonly status: ObjectStatus
}

/** Answers `?kind=&namespace=&name=&after=KIND/NAMESPACE/NAME`, each of them optional. */
export function objectsOf(query: URLSearchParams, facts: PropagationFacts): ObjectsPage {
  const found = findingsByKey(facts.findings())
  const after = query.get('after') ?? ''
  const keys = [...new Set([...(facts.snapshot()?.objects.map(objectIdKey) ?? []), ...found.broken])]
    .filter((key) => key > after && fits(key, query))
    .sort()
  const proxies = proxiesNow(facts)
  const part = keys.slice(0, partSize(proxies))
  const last = part.at(-1)
  return {
    snapshot: facts.ledger.hash,
    objects: part.map((key) => known(key, facts, proxies, found.byKey.get(key) ?? [])),
    ...(part.length < keys.length && last !== undefined ? { next: last } : {}),
  }
}

function partSize({ connected, absent }: Proxies): number {
  const affordable = Math.ceil(LIMITS.maxJudgementsOfPage / Math.max(1, connected.length + absent.length))
  return Math.min(LIMITS.maxObjectsOfPage, affordable)
}

function fits(key: string, query: URLSearchParams): boolean {
  const [kind, namespace, name] = key.split('/')
  const asked = (field: string, value: string | undefined): boolean => (query.get(field) ?? value) === value
  return asked('kind', kind) && asked('namespace', namespace) && asked('name', name)
}

function known(key: string, facts: PropagationFacts, proxies: Proxies, findings: readonly Finding[]): KnownObject {
  const [kind = '', namespace = '', name = ''] = key.split('/')
  const record = facts.ledger.record(key)
  if (record === undefined) {
    const { file, line } = findings.find(({ severity }) => severity === 'error')?.origin ?? {}
    const closed = findings.some(({ code }) => code === 'MESH0007')
    return { kind, namespace, name, ...placeOf(file, line), status: statusNotInForce(findings, closed) }
  }
  const { version, generation, object } = record
  const status = statusInForce(facts, proxies, key, record, findings)
  return { kind, namespace, name, ...placeOf(object.origin.file, object.origin.line), version, generation, status }
}

function placeOf(file: string | undefined, line: number | undefined): Pick<KnownObject, 'file' | 'line'> {
  return file === undefined ? {} : { file, line: line ?? 1 }
}

function findingsByKey(findings: readonly Finding[]): {
  readonly byKey: ReadonlyMap<string, readonly Finding[]>
  readonly broken: readonly string[]
} {
  const named = findings.filter(({ origin }) => origin.name !== '')
  const byKey = Map.groupBy(named, ({ origin }) => idKey(origin))
  const broken = [...byKey].flatMap(([key, all]) => (all.some(({ severity }) => severity === 'error') ? key : []))
  return { byKey, broken }
}
