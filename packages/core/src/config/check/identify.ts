import { inertKind, KINDS, type InertKind, type KindEntry, type KindName } from '../kinds.ts'
import type { FindingCode } from '../codes.ts'
import { clip } from './issue-text.ts'
import { nearest } from './nearest.ts'

/** What a document says it is: a known kind, or why it is none. */
export type Identity =
  | { readonly kind: 'known'; readonly name: KindName; readonly entry: KindEntry }
  | {
      readonly kind: 'other'
      readonly code: FindingCode
      readonly message: string
      readonly fix?: string
      readonly field: 'kind' | 'apiVersion'
      readonly meant?: KindName
      /** What it is when Istio has it, and this mesh does not carry it out. */
      readonly inert?: InertKind
    }

/** Which kind an object is, by `apiVersion` and `kind`. */
export function identify(apiVersion: unknown, kind: unknown): Identity {
  if (typeof apiVersion !== 'string' || apiVersion === '') {
    const meant = typeof kind === 'string' && Object.hasOwn(KINDS, kind) ? { meant: kind as KindName } : {}
    return { ...other('MESH0004', 'apiVersion', 'The document is no Kubernetes object: `apiVersion` is missing.'), ...meant }
  }
  if (typeof kind !== 'string' || kind === '') return other('MESH0004', 'kind', 'The document is no Kubernetes object: `kind` is missing.')
  const slash = apiVersion.indexOf('/')
  const group = apiVersion.slice(0, Math.max(slash, 0))
  const version = apiVersion.slice(slash + 1)
  const entry = Object.hasOwn(KINDS, kind) ? (KINDS[kind as KindName] as KindEntry) : undefined
  if (entry !== undefined && entry.group === group) return checkVersion(kind as KindName, entry, version)
  const inert = inertKind(group, kind)
  if (inert !== undefined) return { ...other('MESH0103', 'kind', `${kind} has no effect yet. ${inert.meaning}`), inert }
  if (group.endsWith('istio.io')) return unknownKind(group, clip(kind), entry)
  return other('MESH0003', 'kind', `${clip(kind)} means nothing to this mesh; it is skipped.`, fixFor(group, kind))
}

function checkVersion(name: KindName, entry: KindEntry, version: string): Identity {
  if (entry.versions.includes(version)) return { kind: 'known', name, entry }
  const known = entry.versions.map((one) => (entry.group === '' ? one : `${entry.group}/${one}`)).join(', ')
  return { ...other('MESH0008', 'apiVersion', `${name} is not known in version "${clip(version)}".`, `Write ${known}.`), meant: name }
}

function unknownKind(group: string, kind: string, entry: KindEntry | undefined): Identity {
  const names = Object.entries(KINDS)
    .filter(([, one]) => one.group === group)
    .map(([name]) => name)
  const meant = nearest(kind, names)
  const fix =
    meant !== undefined ? `Write \`kind: ${meant}\`.` : entry === undefined ? undefined : `Write \`apiVersion: ${entry.group}/v1\`.`
  const identity = other('IST0106', 'kind', `${group} has no kind ${kind}.`, fix)
  if (meant !== undefined) return { ...identity, meant: meant as KindName }
  return entry === undefined ? identity : { ...identity, meant: kind as KindName }
}

function fixFor(group: string, kind: string): string | undefined {
  const near = nearest(
    kind,
    Object.keys(KINDS).filter((name) => (KINDS[name as KindName] as KindEntry).group === group),
  )
  return near === undefined ? undefined : `If you mean ${near}, write \`kind: ${near}\`.`
}

function other(code: FindingCode, field: 'kind' | 'apiVersion', message: string, fix?: string): Extract<Identity, { kind: 'other' }> {
  return { kind: 'other', code, field, message, ...(fix === undefined ? {} : { fix }) }
}
