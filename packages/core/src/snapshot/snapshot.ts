import type { ConfigObject } from '../config/object.ts'
import type { Finding } from '../config/finding.ts'

/** All objects at one moment, immutable, with what is to be said about them. */
export interface Snapshot {
  /** Content hash over kind, name, labels, annotations and body of every object that is in force; 12 hex digits. */
  readonly hash: string
  /** In force: valid objects, and the last good form of quarantined ones; sorted by kind, namespace, name. */
  readonly objects: readonly ConfigObject[]
  readonly findings: readonly Finding[]
}
