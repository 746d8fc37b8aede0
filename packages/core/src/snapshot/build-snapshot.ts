import { analyse } from './analyse/analyse.ts'
import { contentHash } from './content-hash.ts'
import { joinSources, loadSource, type ConfigSource, type LoadedSources } from '../config/load.ts'
import type { Finding } from '../config/finding.ts'
import type { ConfigObject } from '../config/object.ts'
import { keepLastGood } from './last-good.ts'
import type { Snapshot } from './snapshot.ts'
import { withoutSuppressed } from './suppressed.ts'

export interface SnapshotInput {
  readonly sources: readonly ConfigSource[]
  /** Gives broken objects their last good form. */
  readonly previous?: Snapshot
}

interface LoadedFile {
  readonly text: string
  readonly loaded: LoadedSources
}

const FILES = new WeakMap<Snapshot, ReadonlyMap<string, LoadedFile>>()

/**
 * All objects of the sources at one moment. A broken object keeps its last good form and has a finding; a security policy
 * without one is quarantined. Files are taken in the order of their names; unchanged ones are not parsed again. Never throws.
 */
export function buildSnapshot(input: SnapshotInput): Snapshot {
  const files = loadFiles(input)
  const loaded = joinSources([...files.values()].map((file) => file.loaded))
  const kept = keepLastGood(loaded, input.previous)
  const objects = [...loaded.objects, ...kept.objects].sort(byIdentity)
  const findings: Finding[] = []
  const snapshot: Snapshot = { hash: contentHash(objects, kept.quarantined), objects, findings, quarantined: kept.quarantined }
  const all = [...loaded.findings, ...kept.findings, ...analyse(snapshot)]
  for (const finding of withoutSuppressed(all, objects)) findings.push(finding)
  findings.sort(byPlace)
  FILES.set(snapshot, files)
  return snapshot
}

function loadFiles(input: SnapshotInput): ReadonlyMap<string, LoadedFile> {
  const before = input.previous === undefined ? undefined : FILES.get(input.previous)
  const files = new Map<string, LoadedFile>()
  for (const source of [...input.sources].sort((left, right) => compare(left.file, right.file))) {
    const known = before?.get(source.file)
    files.set(source.file, known?.text === source.text ? known : { text: source.text, loaded: loadSource(source) })
  }
  return files
}

function byIdentity(left: ConfigObject, right: ConfigObject): number {
  return compare(left.kind, right.kind) || compare(left.meta.namespace, right.meta.namespace) || compare(left.meta.name, right.meta.name)
}

function byPlace(left: Finding, right: Finding): number {
  const [one, other] = [left.origin, right.origin]
  return compare(one.file ?? '', other.file ?? '') || (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0)
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}
