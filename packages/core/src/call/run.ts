import type { MeshError } from '../error/mesh-error.ts'
import type { Call, MutableReplyHead } from './call.ts'
import type { LocalReply } from './stage.ts'

/** What the driver does next. */
export type Action =
  /** Open or reuse a connection to `call.endpoint` (of `call.cluster`) and send `call.request`. */
  | { readonly kind: 'send' }
  /** Call `resume` after `ms`. */
  | { readonly kind: 'wait'; readonly ms: number }
  /** Answer with this; if a try is under way, drop it. */
  | { readonly kind: 'reply'; readonly reply: LocalReply }
  /** Let the upstream's reply (`call.reply`, as edited) through. */
  | { readonly kind: 'pass' }

/**
 * One call on its way through a list of stages. The driver (proxy, adapter, simulator) owns sockets, timers and bodies,
 * does what the returned action says and reports back; nothing here waits.
 */
export interface CallRun {
  readonly call: Call
  /** The request head is complete. */
  begin(): Action
  /** The wait that was asked for is over. */
  resume(): Action
  /** The upstream's reply head is complete. */
  onReplyHead(reply: MutableReplyHead): Action
  /** The try failed before its reply head. */
  onFailure(error: MeshError): Action
  /** When the driver must call `onDeadline`, monotonic ms; read again after each action. */
  readonly deadlineMs: number | undefined
  onDeadline(): Action
  /** The driver has a reason of its own to answer here. */
  answer(reply: LocalReply): Action
  /** All is over; runs the `onDone` hooks once, later calls do nothing. */
  finish(): void
}
