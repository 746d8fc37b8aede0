import type { MeshError } from '../error/mesh-error.ts'
import type { Origin } from '../config/origin.ts'
import type { ResponseFlag } from '../error/response-flag.ts'
import type { Call } from './call.ts'

/**
 * One stage of the call pipeline: synchronous steps, no promise, no stream, no socket.
 * Hooks run in list order on the way in and in reverse order on the way back; a stage without a hook costs nothing. They are plain functions:
 * what they know of their configuration they close over.
 */
export interface Stage {
  readonly name: string
  /** The request head is here, or a new try begins (for stages after `retry`). */
  readonly onHead?: (call: Call) => Step
  /** The upstream's reply head is here and nothing of it has gone to the caller. */
  readonly onReplyHead?: (call: Call) => ReplyStep
  /** The try failed before a reply head. */
  readonly onFailure?: (call: Call, error: MeshError) => ReplyStep
  /** The call is over, whatever the way; exactly once. */
  readonly onDone?: (call: Call) => void
}

export type Step = Continue | Reply | Wait
export type ReplyStep = Continue | Reply | Again

export interface Continue {
  readonly kind: 'continue'
}
export const CONTINUE: Continue = { kind: 'continue' }

/** Answers here. */
export interface Reply {
  readonly kind: 'reply'
  readonly reply: LocalReply
}

/** Goes on with the next stage after `ms`. */
export interface Wait {
  readonly kind: 'wait'
  readonly ms: number
}

/** Tries again after `ms`, from the stage behind the one that says so. */
export interface Again {
  readonly kind: 'again'
  readonly ms: number
}

/** A reply made here, with Envoy's flag and details. `body` is text/plain, one short sentence without anything from inside the mesh. */
export interface LocalReply {
  readonly status: number
  readonly flag: ResponseFlag | undefined
  readonly details: string
  readonly body: string
  readonly headers?: readonly (readonly [name: string, value: string])[]
  /** The connection must not be reused afterwards. */
  readonly close?: boolean
  /** The body is the configuration's own: nothing is added to it. */
  readonly verbatim?: boolean
  /** The configuration that decided this: for the record, never for the caller. */
  readonly cause?: Origin | undefined
}
