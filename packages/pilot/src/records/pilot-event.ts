import type { ResourceType } from '@mesh/xds'

/** Something that pilot did or was asked, when it was over. Times are Unix milliseconds. */
export type PilotEvent = StreamEvent | AnswerEvent | PageEvent

/** A stream of a client began, was refused, or ended. */
export interface StreamEvent {
  readonly kind: 'opened' | 'refused' | 'closed'
  readonly atMs: number
  /** `reviews-v1-0.default`; undefined when it did not say. */
  readonly node?: string
  /** Address of the other side. */
  readonly peer: string
  readonly principal?: string
  readonly mode?: 'sotw' | 'delta'
  readonly reason?: string
  /** Of a stream that has ended: how long it was open. */
  readonly openMs?: number
}

/** A response went out, or was answered. */
export interface AnswerEvent {
  readonly kind: 'sent' | 'ack' | 'nack'
  readonly atMs: number
  readonly node: string
  readonly type: ResourceType
  readonly nonce: string
  readonly snapshot?: string
  /** Resources of that type that the client then had. */
  readonly resources?: number
  /** From the response to its answer. */
  readonly ms?: number
  /** Why it was refused. */
  readonly reason?: string
}

/** A page of pilot was asked for. */
export interface PageEvent {
  readonly kind: 'page'
  readonly atMs: number
  readonly path: string
  readonly status: number
  readonly ms: number
}
