import type { ConfigObject } from '../config/object.ts'
import type { Finding } from '../config/finding.ts'
import type { Origin } from '../config/origin.ts'

/** All objects at one moment, immutable, with what is to be said about them. */
export interface Snapshot {
  /** Content hash over kind, name, labels, annotations and body of every object that is in force; 12 hex digits. */
  readonly hash: string
  /** In force: valid objects, and the last good form of quarantined ones; sorted by kind, namespace, name. */
  readonly objects: readonly ConfigObject[]
  readonly findings: readonly Finding[]
  /** Security policies that cannot be understood and have no last good form: what they select is denied. */
  readonly quarantined: readonly QuarantinedPolicy[]
}

/** A security policy that is kept closed: its workloads take no request, since nobody knows what it allows. */
export interface QuarantinedPolicy {
  readonly kind: 'AuthorizationPolicy' | 'PeerAuthentication'
  /** Where it holds; the root namespace means the whole mesh. */
  readonly namespace: string
  readonly name: string
  /** Labels of the workloads that it selects, where they could be read; absent: all of the namespace. */
  readonly selector?: Readonly<Record<string, string>>
  readonly origin: Origin
}
