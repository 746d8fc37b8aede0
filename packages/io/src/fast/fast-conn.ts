import { report } from '../common/faults.ts'
import { IO_LIMITS } from '../limits.ts'
import type { Conn, ConnError, ConnHandler, TlsSession, WriteOutcome } from '../port/conn.ts'
import type { Timer } from '../port/timers.ts'
import type { PeerJudge, ServerTls } from '../port/tls.ts'
import type { LateWriter } from './late-writes.ts'
import type { Chore, Watched } from './loop.ts'
import { ARENA } from './native/arena.ts'
import { ERRNO, LINUX, SOCKET_OPTIONS } from './native/machine.ts'
import { STEP, type TlsConnection } from './native/tls-session.ts'
import { errorOf } from './errno.ts'
import { divertedFrom, redirectedFrom } from './original-destination.ts'
import type { FastShared } from './shared.ts'
import { readAddress, type SocketAddress } from './socket-address.ts'
import { acceptTls, chainRefusal } from './tls.ts'
import { TLS_FAILED, Transport } from './transport.ts'

type Phase = ConnError['phase']

/** What is known of a connection's ends without asking the kernel. */
export interface Ends {
  readonly remote: SocketAddress
  readonly local?: SocketAddress
  /** The place of the listener that takes what is diverted to it: where the connection was going is its own end. */
  readonly divertedTo?: SocketAddress
}

/** How a connection's TLS is judged, once its handshake is done. */
export interface Secured {
  readonly judge: PeerJudge
  readonly verify: 'peer' | 'none'
}

/** One connection on a descriptor of its own. */
export class FastConn implements Conn, Watched, Chore, LateWriter {
  handler: ConnHandler = UNSET
  tls: TlsSession | undefined
  readonly #shared: FastShared
  readonly #transport: Transport
  #phase: Phase
  #state: 'live' | 'closing' | 'over' = 'live'
  #ended = false
  #finSent = false
  #peerEnded = false
  #paused = false
  /** The kernel may have bytes, as far as edges told. */
  #readable = false
  /** The peer's FIN or RST is behind the bytes that are there: a short read is not the end of them. */
  #endNear = false
  /** Plain bytes may be left inside of TLS. */
  #unread = false
  #short = false
  /** Written in this turn, and to leave towards its end. */
  #lateBytes = 0
  #queued = false
  #closeDue = false
  #failure: ConnError | undefined
  #secured: Secured | undefined
  #onConnected: (() => void) | undefined
  #timer: Timer | undefined
  readonly #onReleased: (() => void) | undefined
  #remote: SocketAddress | undefined
  #local: SocketAddress | undefined
  #divertedTo: SocketAddress | undefined
  readonly #accepted: boolean
  #original: SocketAddress | 'none' | undefined

  /** `onReleased` is told, once, when its descriptor is gone. */
  constructor(shared: FastShared, fd: number, phase: Phase, onReleased?: () => void) {
    this.#onReleased = onReleased
    this.#shared = shared
    this.#transport = new Transport(shared.loop, fd)
    this.#phase = phase
    this.#accepted = phase === 'open'
  }

  get remoteAddress(): string {
    return this.#remote?.address ?? ''
  }

  get remotePort(): number {
    return this.#remote?.port ?? 0
  }

  get localAddress(): string {
    return this.#localEnd.address
  }

  get localPort(): number {
    return this.#localEnd.port
  }

  get originalDestination(): SocketAddress | undefined {
    if (this.#original === undefined && this.#accepted && this.fd !== -1) {
      const to = this.#divertedTo
      this.#original =
        (to === undefined ? redirectedFrom(this.#shared.loop.sys, this.fd, this.#localEnd) : divertedFrom(this.#localEnd, to)) ?? 'none'
    }
    return this.#original === 'none' ? undefined : this.#original
  }

  get pendingBytes(): number {
    return this.#transport.waiting + this.#lateBytes
  }

  /** What is known of its ends without asking. */
  know({ remote, local, divertedTo }: Ends): void {
    this.#remote = remote
    this.#local = local
    this.#divertedTo = divertedTo
  }

  /** Events may come; its handler is set. Answers whether the loop could take it. */
  begin(onConnected?: () => void): boolean {
    // Who was given it may have ended it at once.
    if (this.#state === 'over') return false
    this.#onConnected = onConnected
    const place = this.#shared.loop.add(this.#transport.fd, this)
    if (typeof place === 'number') this.fail(errorOf(this.#phase, place))
    else this.#transport.place = place
    return typeof place !== 'number'
  }

  write(bytes: Uint8Array): WriteOutcome {
    if (this.#state !== 'live' || this.#ended || this.#phase !== 'open') return 'closed'
    if (bytes.length === 0) return this.#short ? 'short' : 'accepted'
    if (bytes.length <= IO_LIMITS.lateBytes && this.#shared.loop.inTurn && this.#transport.waiting === 0) return this.#writeLate(bytes)
    return this.#writeNow(bytes)
  }

  writev(pieces: readonly Uint8Array[]): WriteOutcome {
    const only = pieces[0]
    if (pieces.length === 1 && only !== undefined) return this.write(only)
    if (this.#state !== 'live' || this.#ended || this.#phase !== 'open') return 'closed'
    if (!this.#hurry()) return 'closed'
    const size = this.#transport.waiting > 0 ? -1 : this.#gather(pieces)
    if (size === -1) return this.#writeEach(pieces)
    const sent = size === 0 ? 0 : this.#transport.sendGathered(size)
    if (sent === size) return 'accepted'
    return this.#keepRest(sent, this.#shared.loop.sys.arena.bytes.subarray(ARENA.out, ARENA.out + size))
  }

  end(): void {
    if (this.#state !== 'live' || this.#ended) return
    if (!this.#hurry()) return
    this.#ended = true
    if (this.#phase === 'open') this.#finWhenFlushed()
  }

  reset(): void {
    this.#closeDue = false
    if (this.#state === 'over') return
    this.#release('reset')
  }

  close(): void {
    if (this.#state !== 'live') return
    if (!this.#hurry()) return
    this.#state = 'closing'
    this.#timer?.cancel()
    if (this.#phase !== 'open' || this.#transport.waiting === 0) this.#finish('orderly')
    else this.#flushWithin()
  }

  pause(): void {
    this.#paused = true
  }

  resume(): void {
    if (!this.#paused) return
    this.#paused = false
    if (this.#readable || this.#unread) this.#queue()
  }

  startTls(options: ServerTls, head: Uint8Array): void {
    if (this.#state !== 'live' || this.#phase !== 'open') return
    if (!this.#hurry()) return
    this.#short = false
    this.openWithin(options.handshakeTimeoutMs, 'tls')
    const verify = options.requireClientCert ? 'peer' : 'none'
    this.secure(() => acceptTls(this.#shared, this.#transport.fd, options, head), { judge: options.judge, verify })
  }

  /** Starts TLS; the handshake takes its first step in a while. */
  secure(make: () => TlsConnection, secured: Secured): void {
    this.#secured = secured
    this.#phase = 'tls'
    try {
      this.#transport.tls = make()
    } catch (error) {
      return this.fail({ phase: 'tls', code: 'tls', message: error instanceof Error ? error.message : String(error) })
    }
    this.#queue()
  }

  get fd(): number {
    return this.#transport.fd
  }

  /** Fails unless it is open within that time. */
  openWithin(ms: number, phase: Phase): void {
    this.#timer?.cancel()
    this.#phase = phase
    this.#timer = this.#shared.timers.arm(ms, () =>
      this.fail({ phase, code: 'timeout', message: `${phase === 'tls' ? 'The TLS handshake' : 'Connecting'} took longer than ${ms} ms.` }),
    )
  }

  /** Connected, with all that was asked for. */
  opened(): void {
    if (this.#state !== 'live') return
    this.#timer?.cancel()
    this.#phase = 'open'
    this.#call((handler) => handler.onOpen?.(this))
    if (this.#ended) this.#finWhenFlushed()
  }

  fail(error: ConnError): void {
    if (this.#state === 'over') return
    this.#failure ??= error
    this.#finish('orderly')
  }

  onEvents(flags: number): void {
    if (this.#state === 'over') return
    try {
      this.#take(flags)
    } catch (error) {
      this.#fault(error)
    }
  }

  run(): void {
    this.#queued = false
    if (this.#closeDue) return this.#told()
    if (this.#state !== 'live') return
    try {
      this.#goOn()
    } catch (error) {
      this.#fault(error)
    }
  }

  #take(flags: number): void {
    // Whoever is connected to may have spoken already: an edge is told once.
    const connecting = this.#phase === 'connect'
    if (connecting) this.#connected()
    if ((flags & (LINUX.EPOLLRDHUP | LINUX.EPOLLHUP | LINUX.EPOLLERR)) !== 0) this.#endNear = true
    if ((flags & ~LINUX.EPOLLOUT) !== 0) this.#readable = true
    if (!connecting && (flags & (LINUX.EPOLLOUT | LINUX.EPOLLERR | LINUX.EPOLLHUP)) !== 0) this.#writable()
    this.#read()
  }

  #goOn(): void {
    if (this.#phase === 'tls') this.#shake()
    if (this.#unread) this.#readTls()
    this.#read()
  }

  get #localEnd(): SocketAddress {
    if (this.#local === undefined && this.fd !== -1) {
      const { sys } = this.#shared.loop
      if (sys.localName(this.fd) >= 0) this.#local = readAddress(sys.arena)
    }
    return this.#local ?? NOWHERE
  }

  #connected(): void {
    const error = this.#shared.loop.sys.getOption(this.fd, SOCKET_OPTIONS.error)
    if (error !== 0) return this.fail(errorOf('connect', error > 0 ? -error : error))
    this.#onConnected?.()
    this.#onConnected = undefined
  }

  #read(): void {
    const { loop } = this.#shared
    for (let reads = 0; this.#readable && this.#mayRead; reads++) {
      if (reads === IO_LIMITS.readsPerTurn) return this.#queue()
      const count = this.#transport.recv()
      if (count < ARENA.readBytes && !(count > 0 && this.#endNear)) this.#readable = false
      if (count > 0) {
        if (this.#transport.tls !== undefined) this.#readRecords(count)
        else this.#deliver(loop.sys.arena.lend(ARENA.read, count))
      } else if (count === 0) this.#peerEnd()
      else if (count !== -ERRNO.EAGAIN) this.fail(errorOf(this.#phase, count))
    }
  }

  get #mayRead(): boolean {
    return this.#state === 'live' && (this.#phase === 'tls' || (this.#phase === 'open' && !this.#paused && !this.#unread))
  }

  #readRecords(count: number): void {
    if (this.#transport.tls?.feed(ARENA.read, count) !== true)
      return this.fail({ phase: this.#phase, code: 'exhausted', message: 'There is no memory for what was received.' })
    if (this.#phase === 'tls') this.#shake()
    if (this.#phase === 'open') this.#readTls()
  }

  /** Delivers what can be decrypted, in pieces as large as the arena has room for. */
  #readTls(): void {
    const { arena } = this.#shared.loop.sys
    const tls = this.#transport.tls
    this.#unread = true
    while (tls !== undefined && this.#state === 'live' && !this.#paused) {
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

  #shake(): void {
    const { tls } = this.#transport
    const step = tls?.handshake() ?? STEP.failed
    if (step === STEP.more) return
    if (tls === undefined || step !== STEP.done) return tls === undefined ? undefined : this.#tlsFailed(tls)
    this.tls = { peerChain: tls.peerChain, alpn: tls.alpn, sni: tls.sni, version: tls.version }
    const refusal = this.#refusal(this.tls.peerChain, tls)
    if (refusal !== undefined) return this.fail({ phase: 'tls', code: 'verify', message: refusal })
    this.#unread = true
    this.opened()
    if (this.#unread) this.#queue()
  }

  #refusal(chain: readonly Uint8Array[], tls: TlsConnection): string | undefined {
    const secured = this.#secured
    if (secured === undefined) return 'Nobody judges the peer.'
    try {
      return (secured.verify === 'peer' ? chainRefusal(chain, tls) : undefined) ?? secured.judge(chain)
    } catch (error) {
      report(this.#shared.onFault, error)
      return 'The peer could not be judged.'
    }
  }

  #tlsFailed(tls: TlsConnection): void {
    const { verify, message } = tls.error()
    this.fail({ phase: this.#phase, code: verify && this.#phase === 'tls' ? 'verify' : 'tls', message })
  }

  /** FIN, or TLS's own word for it. */
  #peerEnd(): void {
    if (this.#peerEnded || this.#state !== 'live') return
    this.#peerEnded = true
    if (this.#phase === 'tls') return this.fail({ phase: 'tls', code: 'tls', message: 'The connection ended during the TLS handshake.' })
    this.#call((handler) => handler.onEnd(this))
    this.#finishWhenBothEnded()
  }

  #writable(): void {
    if (this.#phase === 'tls') return this.#shake()
    if (this.#transport.waiting > 0) {
      const left = this.#transport.flush()
      if (left < 0) return this.fail(this.#sendError(left))
      if (left > 0) return
    }
    if (this.#state === 'closing') return this.#finish('orderly')
    if (this.#ended) this.#finWhenFlushed()
    if (!this.#short) return
    this.#short = false
    this.#call((handler) => handler.onDrain?.(this))
  }

  #finWhenFlushed(): void {
    if (this.#finSent || this.#transport.waiting > 0) return
    this.#finSent = true
    this.#transport.fin()
    this.#finishWhenBothEnded()
  }

  #finishWhenBothEnded(): void {
    if (this.#peerEnded && this.#finSent && this.#state === 'live') this.#finish('orderly')
  }

  #writeLate(bytes: Uint8Array): WriteOutcome {
    this.#shared.loop.late.add(this, bytes)
    this.#lateBytes += bytes.length
    return 'accepted'
  }

  #writeNow(bytes: Uint8Array): WriteOutcome {
    if (!this.#hurry()) return 'closed'
    const sent = this.#transport.waiting > 0 ? 0 : this.#transport.send(bytes)
    return sent === bytes.length ? 'accepted' : this.#keepRest(sent, bytes)
  }

  leave(offset: number, length: number): void {
    this.#lateBytes = 0
    if (this.#state === 'over') return
    try {
      const sent = this.#transport.waiting > 0 ? 0 : this.#transport.sendFrom(offset, length)
      if (sent !== length) this.#keepRest(sent, this.#shared.loop.sys.arena.bytes.subarray(offset, offset + length))
    } catch (error) {
      this.#fault(error)
    }
  }

  /** What was written before must be out before what comes now. Answers whether the connection lived through that. */
  #hurry(): boolean {
    if (this.#lateBytes > 0) this.#shared.loop.late.flush()
    return this.#state === 'live'
  }

  /** What the kernel did not take of a message waits, as a copy. */
  #keepRest(sent: number, bytes: Uint8Array): WriteOutcome {
    if (sent < 0) {
      this.fail(this.#sendError(sent))
      return 'closed'
    }
    const { maxUnsentBytes } = this.#shared
    if (this.#transport.waiting + bytes.length - sent > maxUnsentBytes) {
      this.fail({ phase: 'open', code: 'other', message: `More than ${maxUnsentBytes} bytes are unsent.` })
      return 'closed'
    }
    this.#transport.keep(Uint8Array.prototype.slice.call(bytes, sent))
    this.#short = true
    return 'short'
  }

  /** Joins pieces in the arena's way out; answers their size, or -1 where they do not fit. */
  #gather(pieces: readonly Uint8Array[]): number {
    let size = 0
    for (const piece of pieces) size += piece.length
    if (size > ARENA.outBytes) return -1
    const { bytes } = this.#shared.loop.sys.arena
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
    return { phase: 'open', code: 'tls', message: this.#transport.tls?.error().message ?? 'TLS failed.' }
  }

  /** Reading slowly is no fault, reading nothing is; who does not get all of it must see a reset, never an end. */
  #flushWithin(): void {
    const { timers, closeMs } = this.#shared
    const endMs = timers.now() + IO_LIMITS.maxCloseMs
    const look = (before: number): void => {
      const { waiting } = this.#transport
      if (waiting === before || timers.now() >= endMs) return this.#finish('reset')
      this.#timer = timers.arm(closeMs, () => look(waiting))
    }
    this.#timer = timers.arm(closeMs, () => look(-1))
  }

  #deliver(lent: Uint8Array): void {
    try {
      this.handler.onData(this, lent)
    } catch (error) {
      this.#fault(error)
    }
    if (this.#shared.spoilLent) lent.fill(SPOILT)
  }

  #call(run: (handler: ConnHandler) => void): void {
    if (this.#state !== 'live') return
    try {
      run(this.handler)
    } catch (error) {
      this.#fault(error)
    }
  }

  /** A handler or the plug itself threw: what it was in the middle of is unknown, so nothing of this connection can go on. */
  #fault(error: unknown): void {
    report(this.#shared.onFault, error)
    if (this.#state === 'over') return
    this.#failure ??= { phase: this.#phase, code: 'other', message: 'The handler of this connection failed.' }
    this.#finish('reset')
  }

  /** Its descriptor goes at once, its owner is told in a while. */
  #finish(how: 'orderly' | 'reset'): void {
    if (this.#state === 'over') return
    this.#release(how)
    this.#closeDue = true
    this.#queue()
  }

  #release(how: 'orderly' | 'reset'): void {
    this.#state = 'over'
    this.#timer?.cancel()
    this.#transport.release(how)
    this.#onReleased?.()
  }

  #told(): void {
    this.#closeDue = false
    try {
      this.handler.onClose(this, this.#failure)
    } catch (fault) {
      report(this.#shared.onFault, fault)
    }
  }

  #queue(): void {
    if (this.#queued) return
    this.#queued = true
    this.#shared.loop.later(this)
  }
}

/** No byte of any protocol in use begins so. */
const SPOILT = 0xdb
const NOWHERE: SocketAddress = { address: '', port: 0 }
const UNSET: ConnHandler = { onData: () => undefined, onEnd: () => undefined, onClose: () => undefined }
