import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { IO_LIMITS } from '../limits.ts'
import type { Conn, ConnError, ConnHandler, TlsSession, WriteOutcome } from '../port/conn.ts'
import type { ServerTls } from '../port/tls.ts'
import type { Timer } from '../port/timers.ts'
import { connError } from '../common/conn-error.ts'
import { report } from '../common/faults.ts'
import { peerSession } from './peer-session.ts'
import type { Shared } from '../common/shared.ts'
import { serveTls } from './tls-server.ts'

type Phase = ConnError['phase']

/** One connection over node:net, and over node:tls once TLS began. */
export class SocketConn implements Conn {
  handler: ConnHandler = UNSET
  tls: TlsSession | undefined
  readonly originalDestination: undefined
  readonly #shared: Shared
  /** The TCP socket, under TLS too. */
  readonly #raw: Socket
  /** What bytes are read from and written to. */
  #socket: Socket
  #phase: Phase
  #state: 'live' | 'closing' | 'over' = 'live'
  #ended = false
  #paused = false
  #short = false
  #failure: ConnError | undefined
  #timer: Timer | undefined
  #remote: { address: string; port: number } | undefined
  #local: { address: string; port: number } | undefined

  constructor(shared: Shared, raw: Socket, phase: Phase) {
    this.#shared = shared
    this.#raw = raw
    this.#socket = raw
    this.#phase = phase
    raw.on('error', (error) => this.failed(error))
    raw.on('close', () => this.#closed(raw))
  }

  get remoteAddress(): string {
    return this.#remoteEnd.address
  }

  get remotePort(): number {
    return this.#remoteEnd.port
  }

  get localAddress(): string {
    return this.#localEnd.address
  }

  get localPort(): number {
    return this.#localEnd.port
  }

  get pendingBytes(): number {
    return this.#socket.writableLength
  }

  /** The connection is up and its handler set: bytes may come. */
  begin(): void {
    if (this.#state === 'over') return
    const socket = this.#socket
    socket.on('data', (chunk: Buffer) => this.#read(chunk))
    socket.on('end', () => this.#call((handler) => handler.onEnd(this)))
    socket.on('drain', () => this.#drained())
    if (this.#paused) socket.pause()
  }

  write(bytes: Uint8Array): WriteOutcome {
    if (this.#state !== 'live' || this.#ended || this.#phase !== 'open' || this.#socket.destroyed) return 'closed'
    if (bytes.length === 0) return this.#short ? 'short' : 'accepted'
    if (this.#socket.writableLength + bytes.length > this.#shared.maxUnsentBytes) return this.#giveUp()
    if (!this.#socket.write(owned(bytes))) this.#short = true
    return this.#short ? 'short' : 'accepted'
  }

  writev(pieces: readonly Uint8Array[]): WriteOutcome {
    let size = 0
    for (const piece of pieces) size += piece.length
    if (size <= IO_LIMITS.joinBytes) return this.write(joined(pieces, size))
    let outcome: WriteOutcome = 'accepted'
    this.#socket.cork()
    for (const piece of pieces) outcome = this.write(piece)
    this.#socket.uncork()
    return outcome === 'accepted' && this.#short ? 'short' : outcome
  }

  end(): void {
    if (this.#state !== 'live' || this.#ended) return
    this.#ended = true
    this.#socket.end()
  }

  reset(): void {
    if (this.#state === 'over') return
    this.#over()
    if (this.#raw.connecting || this.#raw.destroyed) this.#raw.destroy()
    else this.#raw.resetAndDestroy()
  }

  close(): void {
    if (this.#state !== 'live') return
    this.#state = 'closing'
    this.#timer?.cancel()
    if (this.#phase !== 'open') {
      this.#raw.destroy()
      return
    }
    this.#flushWithin()
    this.#socket.destroySoon()
  }

  pause(): void {
    this.#paused = true
    if (this.#phase === 'open') this.#socket.pause()
  }

  resume(): void {
    if (!this.#paused) return
    this.#paused = false
    if (this.#phase === 'open') this.#socket.resume()
  }

  startTls(options: ServerTls, head: Uint8Array): void {
    if (this.#state !== 'live' || this.#phase !== 'open') return
    const raw = this.#raw
    this.#phase = 'tls'
    this.#short = false
    raw.pause()
    for (const event of ['data', 'end', 'drain']) raw.removeAllListeners(event)
    if (head.length > 0) raw.unshift(Buffer.from(head))
    try {
      serveTls(this, raw, options)
    } catch (error) {
      this.fail({ phase: 'tls', code: 'tls', message: error instanceof Error ? error.message : String(error) })
    }
  }

  /** Fails unless it is open within that time. */
  openWithin(ms: number, phase: Phase): void {
    this.#timer?.cancel()
    this.#phase = phase
    this.#timer = this.#shared.timers.arm(ms, () =>
      this.fail({ phase, code: 'timeout', message: `${phase === 'tls' ? 'The TLS handshake' : 'Connecting'} took longer than ${ms} ms.` }),
    )
  }

  /** TLS is up, and the peer's chain was verified: asks the judge, then opens. */
  secured(socket: TLSSocket, judge: (chain: readonly Uint8Array[]) => string | undefined): void {
    if (this.#state !== 'live') return
    this.#socket = socket
    socket.on('error', (error) => this.failed(error))
    socket.on('close', () => this.#closed(socket))
    this.tls = peerSession(socket)
    const refusal = this.#judged(judge, this.tls.peerChain)
    if (refusal === undefined) this.opened()
    else this.fail({ phase: 'tls', code: 'verify', message: refusal })
  }

  /** Connected, with all that was asked for. */
  opened(): void {
    if (this.#state !== 'live') return
    this.#timer?.cancel()
    this.#phase = 'open'
    this.begin()
    this.#call((handler) => handler.onOpen?.(this))
  }

  failed(error: unknown): void {
    this.#failure ??= connError(this.#phase, error)
  }

  fail(error: ConnError): void {
    if (this.#state === 'over') return
    this.#failure = error
    this.#raw.destroy()
  }

  get #remoteEnd(): { address: string; port: number } {
    return (this.#remote ??= { address: plainAddress(this.#raw.remoteAddress), port: this.#raw.remotePort ?? 0 })
  }

  get #localEnd(): { address: string; port: number } {
    return (this.#local ??= { address: plainAddress(this.#raw.localAddress), port: this.#raw.localPort ?? 0 })
  }

  #read(chunk: Buffer): void {
    if (this.#state !== 'live') return
    lent = chunk.buffer
    try {
      // A plain array: slicing a Buffer would not copy.
      this.handler.onData(this, new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length))
    } catch (error) {
      this.#fault(error)
    } finally {
      lent = undefined
    }
  }

  /** Reading slowly is no fault, reading nothing is; who does not get all of it must see a reset, never an end. */
  #flushWithin(): void {
    const { closeMs, timers } = this.#shared
    const socket = this.#socket
    const giveUp = (): void => void this.#raw.resetAndDestroy()
    // Node's own timeout looks at how much of a write has left, which its public counters do not tell.
    socket.setTimeout(closeMs, giveUp)
    this.#timer = timers.arm(IO_LIMITS.maxCloseMs, giveUp)
  }

  #drained(): void {
    this.#short = false
    this.#call((handler) => handler.onDrain?.(this))
  }

  #call(run: (handler: ConnHandler) => void): void {
    if (this.#state !== 'live') return
    try {
      run(this.handler)
    } catch (error) {
      this.#fault(error)
    }
  }

  /** A handler threw: what it was in the middle of is unknown, so nothing of this connection can go on. */
  #fault(error: unknown): void {
    report(this.#shared.onFault, error)
    this.fail({ phase: this.#phase, code: 'other', message: 'The handler of this connection failed.' })
    this.#raw.resetAndDestroy()
  }

  #judged(judge: (chain: readonly Uint8Array[]) => string | undefined, chain: readonly Uint8Array[]): string | undefined {
    try {
      return judge(chain)
    } catch (error) {
      report(this.#shared.onFault, error)
      return 'The peer could not be judged.'
    }
  }

  #giveUp(): WriteOutcome {
    this.fail({ phase: 'open', code: 'other', message: `More than ${this.#shared.maxUnsentBytes} bytes are unsent.` })
    return 'closed'
  }

  #closed(socket: Socket): void {
    if (this.#state === 'over' || socket !== this.#socket) return
    const early = this.#phase !== 'open' && this.#state === 'live'
    const error = this.#failure ?? (early ? endedEarly(this.#phase) : undefined)
    this.#over()
    try {
      this.handler.onClose(this, error)
    } catch (fault) {
      report(this.#shared.onFault, fault)
    }
  }

  #over(): void {
    this.#state = 'over'
    this.#timer?.cancel()
  }
}

/** The memory whose bytes a handler is reading now; Node hands each read a memory of its own, so that these need no copy. */
let lent: ArrayBufferLike | undefined

function owned(bytes: Uint8Array): Uint8Array {
  return bytes.buffer === lent ? bytes : Buffer.from(bytes)
}

function joined(pieces: readonly Uint8Array[], size: number): Uint8Array {
  const only = pieces[0]
  if (pieces.length === 1 && only !== undefined) return only
  const whole = Buffer.allocUnsafe(size)
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}

function endedEarly(phase: Phase): ConnError {
  return {
    phase,
    code: phase === 'tls' ? 'tls' : 'reset',
    message: `The connection ended ${phase === 'tls' ? 'during the TLS handshake' : 'before it was open'}.`,
  }
}

/** An IPv4 peer of a socket bound to all addresses shows as IPv6. */
function plainAddress(address: string | undefined): string {
  if (address === undefined) return ''
  return address.startsWith('::ffff:') ? address.slice(7) : address
}

const UNSET: ConnHandler = { onData: () => undefined, onEnd: () => undefined, onClose: () => undefined }
