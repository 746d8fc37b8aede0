import type { NodeSelf, View } from '@mesh/core/view'
import type { RpcChannel } from '@mesh/rpc'
import { encodeNode } from '../codec/node.ts'
import { MAX_HOLD_MS, RECONNECT_BASE_MS, RECONNECT_MAX_MS, STABLE_STREAM_MS } from '../limits.ts'
import type { Rejection } from '../resource.ts'
import { ClientSession } from './client-session.ts'
import type { ClientRequest, ServerResponse } from './message.ts'
import { openAdsStream, type AdsStream } from './ads-stream.ts'

export interface AdsClientOptions {
  readonly channel: RpcChannel
  readonly node: NodeSelf
  readonly mode: 'sotw' | 'delta'
  /** A view that is in force already (from disk): only what differs from it is asked for. */
  readonly initial?: View
  /**
   * Judges a consistent view and puts it in force; answers what of it cannot be honoured. What is refused returns to its last good form,
   * and the view is offered again. The next view waits until this one is settled. A throw refuses the view, and the last one stays.
   */
  readonly onView: (view: View, change: { readonly endpointsOnly: boolean }) => readonly Rejection[] | Promise<readonly Rejection[]>
  /**
   * What of the view in force does not work yet though its consumer keeps trying: it is refused by name for as long, and stays in the view.
   * Say `review` when this changes.
   */
  readonly pending?: () => readonly Rejection[]
  readonly onState: (state: AdsState) => void
  /** Told of what `onView` threw. */
  readonly onError: (error: unknown) => void
  /** Uniform in [0, 1). */
  readonly chance?: () => number
  readonly timers?: AdsTimers
}

export interface AdsTimers {
  /** Monotonic milliseconds. */
  now(): number
  arm(delayMs: number, callback: () => void): { cancel(): void }
}

export type AdsState =
  | { readonly kind: 'connecting' }
  /** The server has answered on this stream. */
  | { readonly kind: 'connected' }
  /** The last view stays in force; the next attempt comes after `retryMs`. */
  | { readonly kind: 'disconnected'; readonly reason: string; readonly retryMs: number }
  | { readonly kind: 'closed' }

export interface AdsClient {
  readonly state: AdsState
  /** What is `pending` has changed: the server is told. */
  review(): void
  close(): void
}

/** Subscribes to the views of a node; reconnects with jittered, growing pauses, and asks then only for what changed. */
export function connectAds(options: AdsClientOptions): AdsClient {
  return new Subscription(options)
}

class Subscription implements AdsClient {
  readonly #options: AdsClientOptions
  readonly #timers: AdsTimers
  readonly #session: ClientSession
  #state: AdsState = { kind: 'connecting' }
  #stream: AdsStream | undefined
  #openedAtMs = 0
  #attempts = 0
  #judging = false
  #hold: { cancel(): void } | undefined
  #retry: { cancel(): void } | undefined

  constructor(options: AdsClientOptions) {
    this.#options = options
    this.#timers = options.timers ?? SYSTEM_TIMERS
    this.#session = new ClientSession(options.mode, options.initial, options.pending ?? (() => []))
    this.#open()
  }

  get state(): AdsState {
    return this.#state
  }

  review(): void {
    this.#send(this.#session.review())
  }

  close(): void {
    if (this.#state.kind === 'closed') return
    this.#become({ kind: 'closed' })
    this.#hold?.cancel()
    this.#retry?.cancel()
    this.#stream?.cancel()
  }

  #open(): void {
    if (this.#state.kind === 'closed') return
    this.#become({ kind: 'connecting' })
    this.#openedAtMs = this.#timers.now()
    const stream = openAdsStream(this.#options.channel, this.#options.mode, {
      onResponse: (response) => this.#onResponse(response),
      onClose: (reason) => this.#onClose(stream, reason),
    })
    this.#stream = stream
    const [first, ...rest] = this.#session.open()
    if (first !== undefined) stream.send(first, encodeNode(this.#options.node))
    this.#send(rest)
  }

  #onResponse(response: ServerResponse): void {
    if (this.#state.kind === 'closed') return
    if (this.#state.kind !== 'connected') this.#become({ kind: 'connected' })
    this.#send(this.#session.onResponse(response))
    this.#offerWhenConsistent()
  }

  #offerWhenConsistent(): void {
    if (this.#judging || !this.#session.due) return
    if (this.#session.consistent) return void this.#offer()
    this.#hold ??= this.#timers.arm(MAX_HOLD_MS, () => {
      this.#hold = undefined
      if (!this.#judging && this.#session.due) void this.#offer()
    })
  }

  async #offer(): Promise<void> {
    this.#hold?.cancel()
    this.#hold = undefined
    this.#judging = true
    for (let again = true; again;) {
      const { view, endpointsOnly } = this.#session.offer()
      const verdict = this.#session.settle(await this.#judge(view, endpointsOnly))
      this.#send(verdict.requests)
      again = verdict.again && this.#state.kind !== 'closed'
    }
    this.#judging = false
    if (this.#state.kind !== 'closed') this.#offerWhenConsistent()
  }

  async #judge(view: View, endpointsOnly: boolean): Promise<readonly Rejection[]> {
    try {
      return await this.#options.onView(view, { endpointsOnly })
    } catch (error) {
      this.#options.onError(error)
      return [{ type: 'LDS', resource: '*', reason: 'the view could not be put in force' }]
    }
  }

  #send(requests: readonly ClientRequest[]): void {
    for (const request of requests) this.#stream?.send(request)
  }

  #onClose(stream: AdsStream, reason: string): void {
    if (this.#stream !== stream || this.#state.kind === 'closed') return
    this.#stream = undefined
    if (this.#timers.now() - this.#openedAtMs >= STABLE_STREAM_MS) this.#attempts = 0
    const retryMs = pauseMs(this.#attempts++, this.#options.chance ?? Math.random)
    this.#become({ kind: 'disconnected', reason, retryMs })
    this.#retry = this.#timers.arm(retryMs, () => this.#open())
  }

  #become(state: AdsState): void {
    this.#state = state
    this.#options.onState(state)
  }
}

/** Doubles with each attempt up to a bound; the lower half is certain, the rest chance, so that clients do not come back at once. */
function pauseMs(attempts: number, chance: () => number): number {
  const full = Math.min(RECONNECT_MAX_MS, RECONNECT_BASE_MS * 2 ** Math.min(attempts, 20))
  return full / 2 + (full / 2) * chance()
}

const SYSTEM_TIMERS: AdsTimers = {
  now: () => performance.now(),
  arm: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs)
    return { cancel: () => clearTimeout(timer) }
  },
}
