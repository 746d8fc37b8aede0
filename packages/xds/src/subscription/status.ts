import type { ResourceType } from '../resource-type.ts'
import type { TypeSubscription } from './type-subscription.ts'

/** How far a client is with one type, in istioctl's words. */
export interface TypeStatus {
  readonly type: ResourceType
  /** `NOT SENT`: nothing was due yet; `STALE`: something is due or unanswered; `ERROR`: the last answer was a NACK. */
  readonly state: 'SYNCED' | 'STALE' | 'NOT SENT' | 'ERROR'
  readonly sentNonce: string
  readonly ackedNonce: string | undefined
  readonly sentSnapshot: string | undefined
  /** The newest snapshot whose resources of this type the client is known to have accepted. */
  readonly ackedSnapshot: string | undefined
  /** Number of the newest snapshot of which the client has accepted everything of this type; 0: none. */
  readonly ackedSequence: number
  /** Number of the snapshot with which the client's part of this type changed last; 0: it never did on this stream. */
  readonly changedSequence: number
  /** The NACK's reason, with the names of what was refused. */
  readonly error: string | undefined
  /** Number of the snapshot whose resources were refused last; 0: none. */
  readonly errorSequence: number
  /** Nothing is due, and nothing unanswered. */
  readonly settled: boolean
  readonly resources: number
}

export function statusOf(subscription: TypeSubscription): TypeStatus {
  const { facts } = subscription
  return { type: subscription.type, state: stateOf(subscription, facts.settled), ...facts }
}

function stateOf(subscription: TypeSubscription, settled: boolean): TypeStatus['state'] {
  const { error, sentSnapshot, resources } = subscription.facts
  if (error !== undefined && !subscription.inFlight) return 'ERROR'
  if (!settled) return 'STALE'
  return sentSnapshot === undefined && resources === 0 ? 'NOT SENT' : 'SYNCED'
}
