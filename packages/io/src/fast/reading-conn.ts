import { report } from '../common/faults.ts'
import { IO_LIMITS } from '../limits.ts'
import type { Conn, TlsSession } from '../port/conn.ts'
import type { PeerJudge } from '../port/tls.ts'
import { ARENA } from './native/arena.ts'
import { errorOf } from './errno.ts'
import { ERRNO, LINUX } from './native/machine.ts'
import { STEP, type TlsConnection } from './native/tls-session.ts'
import { SendingConn } from './sending-conn.ts'
import { chainRefusal } from './tls.ts'

/** How a connection's TLS is judged, once its handshake is done. */
export interface Secured {
  readonly judge: PeerJudge
  readonly verify: 'peer' | 'none'
}

/** What a connection reads, plain or out of TLS, and the handshake before that: nothing reaches the handler until the peer was judged. */
export abstract class ReadingConn extends SendingConn {
  tls: TlsSession | undefined
  #secured: Secured | undefined
  #paused = false
  /** The kernel may have bytes, as far as edges told. */
  #readable = false
  /** The peer's FIN or RST is behind the bytes that are there: a short read is not the end of them. */
  #endNear = false
  /** Plain bytes may be left inside of TLS. */
  #unread = false
  /** Where what comes in large amounts may go without a look at it. */
  #next: SendingConn | undefined
  /** It comes in large amounts now. */
  #bulk = false

  pause(): void {
    this.#paused = true
  }

  resume(): void {
    if (!this.#paused) return
    this.#paused = false
    if (this.#readable || this.#unread) this.queue()
  }

  passOn(to: Conn): boolean {
    if (!(to instanceof SendingConn) || this.transport.tls !== undefined) return false
    this.#next = to
    return true
  }

  /** Starts TLS; the handshake takes its first step in a while. */
  secure(make: () => TlsConnection, secured: Secured): void {
    this.#secured = secured
    this.phase = 'tls'
    try {
      this.transport.tls = make()
    } catch (error) {
      return this.fail({ phase: 'tls', code: 'tls', message: error instanceof Error ? error.message : String(error) })
    }
    this.queue()
  }

  /** Connected, with all that was asked for. */
  opened(): void {
    if (this.state !== 'live') return
    this.timer?.cancel()
    this.phase = 'open'
    this.call((handler) => handler.onOpen?.(this.conn))
    this.endIfAsked()
  }

  /** What an event says of bytes to read. */
  protected noteReadable(flags: number): void {
    if ((flags & (LINUX.EPOLLRDHUP | LINUX.EPOLLHUP | LINUX.EPOLLERR)) !== 0) this.#endNear = true
    if ((flags & ~LINUX.EPOLLOUT) !== 0) this.#readable = true
  }

  protected goOn(): void {
    if (this.phase === 'tls') this.shake()
    if (this.#unread) this.#readTls()
    this.read()
  }

  protected read(): void {
    const { loop } = this.shared
    for (let reads = 0; this.#readable && this.#mayRead; reads++) {
      if (reads === IO_LIMITS.readsPerTurn) return this.queue()
      const next = this.#bulk ? this.#straightTo() : undefined
      const count = next === undefined ? this.transport.recv() : this.shared.straight.take(this.fd)
      if (next === undefined ? count < ARENA.readBytes && !(count > 0 && this.#endNear) : count <= 0) this.#readable = false
      if (count > 0) {
        if (next !== undefined) this.#passOn(next, count)
        else if (this.transport.tls !== undefined) this.#readRecords(count)
        else {
          this.#bulk = count === ARENA.readBytes
          this.#deliver(loop.sys.arena.lend(ARENA.read, count))
        }
      } else if (count === 0) this.#peerEnd()
      else if (count !== -ERRNO.EAGAIN) this.fail(errorOf(this.phase, count))
    }
  }

  protected shake(): void {
    const { tls } = this.transport
    const step = tls?.handshake() ?? STEP.failed
    if (step === STEP.more) return
    if (tls === undefined || step !== STEP.done) return tls === undefined ? undefined : this.#tlsFailed(tls)
    this.tls = { peerChain: tls.peerChain, alpn: tls.alpn, sni: tls.sni, version: tls.version }
    const refusal = this.#refusal(this.tls.peerChain, tls)
    if (refusal !== undefined) return this.fail({ phase: 'tls', code: 'verify', message: refusal })
    this.#unread = true
    this.opened()
    if (this.#unread) this.queue()
  }

  get #mayRead(): boolean {
    return this.state === 'live' && (this.phase === 'tls' || (this.phase === 'open' && !this.#paused && !this.#unread))
  }

  /** The other connection, where the kernel can pass on to it what is here. */
  #straightTo(): SendingConn | undefined {
    const next = this.#next
    if (next === undefined || this.transport.tls !== undefined || !this.shared.straight.usable) return undefined
    return next.takesStraight(this.shared) && this.state === 'live' ? next : undefined
  }

  #passOn(next: SendingConn, count: number): void {
    this.#bulk = count >= IO_LIMITS.minStraightBytes
    const outcome = next.sendStraight(count)
    this.call((handler) => handler.onPassed?.(this.conn, count, outcome))
  }

  #readRecords(count: number): void {
    if (this.transport.tls?.feed(ARENA.read, count) !== true)
      return this.fail({ phase: this.phase, code: 'exhausted', message: 'There is no memory for what was received.' })
    if (this.phase === 'tls') this.shake()
    if (this.phase === 'open') this.#readTls()
  }

  /** Delivers what can be decrypted, in pieces as large as the arena has room for. */
  #readTls(): void {
    const { arena } = this.shared.loop.sys
    const { tls } = this.transport
    this.#unread = true
    while (tls !== undefined && this.state === 'live' && !this.#paused) {
      let [filled, step] = [0, 1]
      while (filled < ARENA.plainBytes && (step = tls.read(ARENA.plain + filled, ARENA.plainBytes - filled)) > 0) {
        filled += step
        // To ask once more would find out, too, but by an error.
        if (!tls.drained) continue
        step = STEP.more
        break
      }
      if (step === STEP.more) this.#unread = false
      if (filled > 0) this.#deliver(arena.lend(ARENA.plain, filled))
      if (step > 0) continue
      if (step === STEP.closed) {
        this.#unread = false
        this.#peerEnd()
      } else if (step === STEP.failed) this.#tlsFailed(tls)
      return
    }
  }

  #deliver(lent: Uint8Array): void {
    try {
      this.handler.onData(this.conn, lent)
    } catch (error) {
      this.fault(error)
    }
    if (this.shared.spoilLent) lent.fill(SPOILT)
  }

  #refusal(chain: readonly Uint8Array[], tls: TlsConnection): string | undefined {
    const secured = this.#secured
    if (secured === undefined) return 'Nobody judges the peer.'
    try {
      return (secured.verify === 'peer' ? chainRefusal(chain, tls) : undefined) ?? secured.judge(chain)
    } catch (error) {
      report(this.shared.onFault, error)
      return 'The peer could not be judged.'
    }
  }

  #tlsFailed(tls: TlsConnection): void {
    const { verify, message } = tls.error()
    this.fail({ phase: this.phase, code: verify && this.phase === 'tls' ? 'verify' : 'tls', message })
  }

  /** FIN, or TLS's own word for it. */
  #peerEnd(): void {
    if (this.peerEnded || this.state !== 'live') return
    this.peerEnded = true
    if (this.phase === 'tls') return this.fail({ phase: 'tls', code: 'tls', message: 'The connection ended during the TLS handshake.' })
    this.call((handler) => handler.onEnd(this.conn))
    this.finishWhenBothEnded()
  }
}

/** No byte of any protocol in use begins so. */
const SPOILT = 0xdb
