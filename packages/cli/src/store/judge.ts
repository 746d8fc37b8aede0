import type { Finding } from '@mesh/core/config'
import { buildSnapshot, objectVersion, type Snapshot } from '@mesh/core/snapshot'
import { nameOfKey } from './object-name.ts'
import type { Store } from './store.ts'
import type { FileChange } from './write-files.ts'

/** What would come of a change of files. */
export interface Judgement {
  /** What there is to be said that was not so before. */
  readonly findings: readonly Finding[]
  /** Objects that would not be in force as they are wanted. */
  readonly problems: readonly string[]
}

/** Reads the store as it would be, as pilot would. */
export function judgeChanges(store: Store, changes: readonly FileChange[], wanted: ReadonlyMap<string, string>): Judgement {
  const texts = new Map(store.files.map(({ path, text }) => [path, text]))
  const before = snapshotOf(texts)
  for (const { path, after } of changes) {
    if (after === undefined) texts.delete(path)
    else texts.set(path, after)
  }
  const after = snapshotOf(texts)
  const known = new Set(before.findings.map(sameness))
  const versions = new Map(
    after.objects.map((object) => [`${object.kind}/${object.meta.namespace}/${object.meta.name}`, objectVersion(object)]),
  )
  return {
    findings: after.findings.filter((finding) => !known.has(sameness(finding))),
    problems: [...wanted].flatMap(([key, version]) =>
      versions.get(key) === version ? [] : `${nameOfKey(key)} would not be in force as it is written.`,
    ),
  }
}

function snapshotOf(texts: ReadonlyMap<string, string>): Snapshot {
  return buildSnapshot({ sources: [...texts].map(([file, text]) => ({ file, text })) })
}

/** Lines move when something is put before them, and an object in two files is the same mistake whichever file is named. */
function sameness({ code, message, origin }: Finding): string {
  return JSON.stringify([code, code === 'MESH0005' ? '' : message, origin.kind, origin.namespace, origin.name, origin.field])
}
