import { report } from '../common/faults.ts'
import type { Conn, ConnError, ConnHandler } from '../port/conn.ts'
import type { Timer } from '../port/timers.ts'
import type { Chore } from './loop.ts'
import type { FastShared } from './shared.ts'
import { Transport } from './transport.ts'

export type Phase = ConnError['phase']

/**
 * How a connection lives and ends: what it is in the middle of, what it failed by, and that its owner is told the end once, in a while. A connection is
 * one object in four layers, each of which knows only those below it: this one, then what it sends, what it reads, and what else the port asks of it.
 */
export abstract class ConnLife implements Chore {
  handler: ConnHandler = UNSET
  protected readonly shared: FastShared
  protected readonly transport: Transport
  protected phase: Phase
  protected state: 'live' | 'closing' | 'over' = 'live'
  protected timer: Timer | undefined
  readonly #onReleased: (() => void) | undefined
  #failure: ConnError | undefined
  #queued = false
  #closeDue = false

  /** `onReleased` is told, once, when its descriptor is gone. */
  constructor(shared: FastShared, fd: number, phase: Phase, onReleased?: () => void) {
    this.#onReleased = onReleased
    this.shared = shared
    this.transport = new Transport(shared.loop, fd)
    this.phase = phase
  }

  get fd(): number {
    return this.transport.fd
  }

  /** Fails unless it is open within that time. */
  openWithin(ms: number, phase: Phase): void {
    this.timer?.cancel()
    this.phase = phase
    this.timer = this.shared.timers.arm(ms, () =>
      this.fail({ phase, code: 'timeout', message: `${phase === 'tls' ? 'The TLS handshake' : 'Connecting'} took longer than ${ms} ms.` }),
    )
  }

  fail(error: ConnError): void {
    if (this.state === 'over') return
    this.#failure ??= error
    this.finish('orderly')
  }

  reset(): void {
    this.#closeDue = false
    if (this.state === 'over') return
    this.#release('reset')
  }

  run(): void {
    this.#queued = false
    if (this.#closeDue) return this.#told()
    if (this.state !== 'live') return
    try {
      this.goOn()
    } catch (error) {
      this.fault(error)
    }
  }

  /** Does what was put off by `queue`. */
  protected abstract goOn(): void

  /** The connection as its handler knows it. */
  protected abstract get conn(): Conn

  protected queue(): void {
    if (this.#queued) return
    this.#queued = true
    this.shared.loop.later(this)
  }

  protected call(run: (handler: ConnHandler) => void): void {
    if (this.state !== 'live') return
    try {
      run(this.handler)
    } catch (error) {
      this.fault(error)
    }
  }

  /** A handler or the plug itself threw: what it was in the middle of is unknown, so nothing of this connection can go on. */
  protected fault(error: unknown): void {
    report(this.shared.onFault, error)
    if (this.state === 'over') return
    this.#failure ??= { phase: this.phase, code: 'other', message: 'The handler of this connection failed.' }
    this.finish('reset')
  }

  /** Its descriptor goes at once, its owner is told in a while. */
  protected finish(how: 'orderly' | 'reset'): void {
    if (this.state === 'over') return
    this.#release(how)
    this.#closeDue = true
    this.queue()
  }

  #release(how: 'orderly' | 'reset'): void {
    this.state = 'over'
    this.timer?.cancel()
    this.transport.release(how)
    this.#onReleased?.()
  }

  #told(): void {
    this.#closeDue = false
    try {
      this.handler.onClose(this.conn, this.#failure)
    } catch (fault) {
      report(this.shared.onFault, fault)
    }
  }
}

const UNSET: ConnHandler = { onData: () => undefined, onEnd: () => undefined, onClose: () => undefined }
