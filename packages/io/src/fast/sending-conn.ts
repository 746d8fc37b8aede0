import { IO_LIMITS } from '../limits.ts'
import type { ConnError, WriteOutcome } from '../port/conn.ts'
import { ConnLife } from './conn-life.ts'
import { errorOf } from './errno.ts'
import type { LateWriter } from './late-writes.ts'
import { ARENA } from './native/arena.ts'
import { ERRNO } from './native/machine.ts'
import type { FastShared } from './shared.ts'
import { TLS_FAILED } from './transport.ts'

/** What a connection sends: small messages towards the end of the turn, others at once, and what the kernel does not take when it does. */
export abstract class SendingConn extends ConnLife implements LateWriter {
  protected peerEnded = false
  #ended = false
  #finSent = false
  #short = false
  /** Written in this turn, and to leave towards its end. */
  #lateBytes = 0

  get pendingBytes(): number {
    return this.transport.waiting + this.#lateBytes
  }

  write(bytes: Uint8Array): WriteOutcome {
    if (!this.#mayWrite) return 'closed'
    if (bytes.length === 0) return this.#short ? 'short' : 'accepted'
    if (bytes.length <= IO_LIMITS.lateBytes && this.shared.loop.inTurn && this.transport.waiting === 0) return this.#writeLate(bytes)
    return this.#writeNow(bytes)
  }

  writev(pieces: readonly Uint8Array[]): WriteOutcome {
    const only = pieces[0]
    if (pieces.length === 1 && only !== undefined) return this.write(only)
    if (!this.#mayWrite || !this.hurry()) return 'closed'
    const size = this.transport.waiting > 0 ? -1 : this.#gather(pieces)
    if (size === -1) return this.#writeEach(pieces)
    const sent = size === 0 ? 0 : this.transport.sendGathered(size)
    if (sent === size) return 'accepted'
    return this.#keepRest(sent, this.shared.loop.sys.arena.bytes.subarray(ARENA.out, ARENA.out + size))
  }

  end(): void {
    if (this.state !== 'live' || this.#ended) return
    if (!this.hurry()) return
    this.#ended = true
    if (this.phase === 'open') this.#finWhenFlushed()
  }

  close(): void {
    if (this.state !== 'live') return
    if (!this.hurry()) return
    this.state = 'closing'
    this.timer?.cancel()
    if (this.phase !== 'open' || this.transport.waiting === 0) this.finish('orderly')
    else this.#flushWithin()
  }

  leave(offset: number, length: number): void {
    this.#lateBytes = 0
    if (this.state === 'over') return
    try {
      const sent = this.transport.waiting > 0 ? 0 : this.transport.sendFrom(offset, length)
      if (sent !== length) this.#keepRest(sent, this.shared.loop.sys.arena.bytes.subarray(offset, offset + length))
    } catch (error) {
      this.fault(error)
    }
  }

  /** What was written before must be out before what comes now. Answers whether the connection lived through that. */
  protected hurry(): boolean {
    if (this.#lateBytes > 0) this.shared.loop.late.flush()
    return this.state === 'live'
  }

  /** Whether bytes can go to the kernel past this object: they would not be encrypted, and nothing waits before them. */
  takesStraight(from: FastShared): boolean {
    return this.#mayWrite && this.transport.tls === undefined && this.shared === from && this.transport.waiting === 0 && this.hurry()
  }

  /** Sends what the pipe holds. */
  sendStraight(length: number): WriteOutcome {
    const { straight } = this.shared
    const given = straight.give(this.fd, length)
    return given === length ? 'accepted' : this.#keepStraight(given === -ERRNO.EAGAIN ? 0 : given, length)
  }

  /** It is open: what was to follow the last byte can. */
  protected endIfAsked(): void {
    if (this.#ended) this.#finWhenFlushed()
  }

  /** TLS begins: who was told to wait need not any more. */
  protected forgetShort(): void {
    this.#short = false
  }

  /** The kernel takes bytes again. */
  protected sendOn(): void {
    if (this.transport.waiting > 0) {
      const left = this.transport.flush()
      if (left < 0) return this.fail(this.#sendError(left))
      if (left > 0) return
    }
    if (this.state === 'closing') return this.finish('orderly')
    this.endIfAsked()
    if (!this.#short) return
    this.#short = false
    this.call((handler) => handler.onDrain?.(this.conn))
  }

  protected finishWhenBothEnded(): void {
    if (this.peerEnded && this.#finSent && this.state === 'live') this.finish('orderly')
  }

  get #mayWrite(): boolean {
    return this.state === 'live' && !this.#ended && this.phase === 'open'
  }

  #finWhenFlushed(): void {
    if (this.#finSent || this.transport.waiting > 0) return
    this.#finSent = true
    this.transport.fin()
    this.finishWhenBothEnded()
  }

  #writeLate(bytes: Uint8Array): WriteOutcome {
    this.shared.loop.late.add(this, bytes)
    this.#lateBytes += bytes.length
    return 'accepted'
  }

  #writeNow(bytes: Uint8Array): WriteOutcome {
    if (!this.hurry()) return 'closed'
    const sent = this.transport.waiting > 0 ? 0 : this.transport.send(bytes)
    return sent === bytes.length ? 'accepted' : this.#keepRest(sent, bytes)
  }

  /** What the kernel did not take of a message waits, as a copy. */
  #keepRest(sent: number, bytes: Uint8Array): WriteOutcome {
    if (sent < 0) {
      this.fail(this.#sendError(sent))
      return 'closed'
    }
    const { maxUnsentBytes } = this.shared
    if (this.transport.waiting + bytes.length - sent > maxUnsentBytes) {
      this.fail({ phase: 'open', code: 'other', message: `More than ${maxUnsentBytes} bytes are unsent.` })
      return 'closed'
    }
    this.transport.keep(Uint8Array.prototype.slice.call(bytes, sent))
    this.#short = true
    return 'short'
  }

  /** What the kernel did not take out of the pipe waits, as a copy; the pipe is empty then. */
  #keepStraight(given: number, length: number): WriteOutcome {
    const { straight, loop } = this.shared
    let outcome: WriteOutcome = given < 0 ? this.#keepRest(given, NONE) : 'short'
    for (let left = length - given; left > 0 && outcome === 'short';) {
      const count = straight.rest(left)
      outcome =
        count > 0 ? this.#keepRest(0, loop.sys.arena.bytes.subarray(ARENA.out, ARENA.out + count)) : this.#keepRest(count || LOST, NONE)
      left -= count
    }
    if (outcome !== 'short') straight.close()
    return outcome
  }

  /** Joins pieces in the arena's way out; answers their size, or -1 where they do not fit. */
  #gather(pieces: readonly Uint8Array[]): number {
    let size = 0
    for (const piece of pieces) size += piece.length
    if (size > ARENA.outBytes) return -1
    const { bytes } = this.shared.loop.sys.arena
    let at: number = ARENA.out
    for (const piece of pieces) {
      bytes.set(piece, at)
      at += piece.length
    }
    return size
  }

  #writeEach(pieces: readonly Uint8Array[]): WriteOutcome {
    let outcome: WriteOutcome = 'accepted'
    for (const piece of pieces) outcome = this.write(piece)
    return outcome
  }

  #sendError(code: number): ConnError {
    if (code !== TLS_FAILED) return errorOf('open', code)
    return { phase: 'open', code: 'tls', message: this.transport.tls?.error().message ?? 'TLS failed.' }
  }

  /** Reading slowly is no fault, reading nothing is; who does not get all of it must see a reset, never an end. */
  #flushWithin(): void {
    const { timers, closeMs } = this.shared
    const endMs = timers.now() + IO_LIMITS.maxCloseMs
    const look = (before: number): void => {
      const { waiting } = this.transport
      if (waiting === before || timers.now() >= endMs) return this.finish('reset')
      this.timer = timers.arm(closeMs, () => look(waiting))
    }
    this.timer = timers.arm(closeMs, () => look(-1))
  }
}

const NONE = new Uint8Array()
/** A pipe that holds less than was put in. */
const LOST = -ERRNO.ECONNABORTED
