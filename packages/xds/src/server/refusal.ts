import type { NodeSelf } from '@mesh/core/view'
import type { RpcCode, RpcPeer } from '@mesh/rpc'

/**
 * Why a stream was ended: its `node` cannot be read, the peer is `unauthorized` to speak for it, too many `streams` of that node at once or in a row,
 * it stayed `silent`, or it asked for too many `names` or sent too many `requests`.
 */
export type RefusalReason = keyof typeof REFUSAL_CODES

/** The end of a stream that was not let in, or not any longer. */
export interface AdsRefusal {
  readonly reason: RefusalReason
  /** One sentence, which the client is told too. */
  readonly message: string
  readonly peer: RpcPeer
  /** As it claims to be; undefined before it did. */
  readonly node: NodeSelf | undefined
}

/** What a client sees of each. */
export const REFUSAL_CODES = {
  node: 'INVALID_ARGUMENT',
  unauthorized: 'PERMISSION_DENIED',
  streams: 'RESOURCE_EXHAUSTED',
  silent: 'DEADLINE_EXCEEDED',
  names: 'RESOURCE_EXHAUSTED',
  requests: 'RESOURCE_EXHAUSTED',
} as const satisfies Readonly<Record<string, RpcCode>>
