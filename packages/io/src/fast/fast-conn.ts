import type { Conn } from '../port/conn.ts'
import type { ServerTls } from '../port/tls.ts'
import type { Phase } from './conn-life.ts'
import { errorOf } from './errno.ts'
import type { Watched } from './loop.ts'
import { LINUX, SOCKET_OPTIONS } from './native/machine.ts'
import { divertedFrom, redirectedFrom } from './original-destination.ts'
import { ReadingConn } from './reading-conn.ts'
import type { FastShared } from './shared.ts'
import { readAddress, type SocketAddress } from './socket-address.ts'
import { acceptTls } from './tls.ts'

/** What is known of a connection's ends without asking the kernel. */
export interface Ends {
  readonly remote: SocketAddress
  readonly local?: SocketAddress
  /** The place of the listener that takes what is diverted to it: where the connection was going is its own end. */
  readonly divertedTo?: SocketAddress
}

/** One connection on a descriptor of its own. */
export class FastConn extends ReadingConn implements Conn, Watched {
  readonly #accepted: boolean
  #onConnected: (() => void) | undefined
  #remote: SocketAddress | undefined
  #local: SocketAddress | undefined
  #divertedTo: SocketAddress | undefined
  #original: SocketAddress | 'none' | undefined

  constructor(shared: FastShared, fd: number, phase: Phase, onReleased?: () => void) {
    super(shared, fd, phase, onReleased)
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
        (to === undefined ? redirectedFrom(this.shared.loop.sys, this.fd, this.#localEnd) : divertedFrom(this.#localEnd, to)) ?? 'none'
    }
    return this.#original === 'none' ? undefined : this.#original
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
    if (this.state === 'over') return false
    this.#onConnected = onConnected
    const place = this.shared.loop.add(this.transport.fd, this)
    if (typeof place === 'number') this.fail(errorOf(this.phase, place))
    else this.transport.place = place
    return typeof place !== 'number'
  }

  startTls(options: ServerTls, head: Uint8Array): void {
    if (this.state !== 'live' || this.phase !== 'open') return
    if (!this.hurry()) return
    this.forgetShort()
    this.openWithin(options.handshakeTimeoutMs, 'tls')
    const verify = options.requireClientCert ? 'peer' : 'none'
    this.secure(() => acceptTls(this.shared, this.transport.fd, options, head), { judge: options.judge, verify })
  }

  onEvents(flags: number): void {
    if (this.state === 'over') return
    try {
      this.#take(flags)
    } catch (error) {
      this.fault(error)
    }
  }

  protected get conn(): Conn {
    return this
  }

  #take(flags: number): void {
    // Whoever is connected to may have spoken already: an edge is told once.
    const connecting = this.phase === 'connect'
    if (connecting) this.#connected()
    this.noteReadable(flags)
    if (!connecting && (flags & (LINUX.EPOLLOUT | LINUX.EPOLLERR | LINUX.EPOLLHUP)) !== 0) this.#writable()
    this.read()
  }

  #connected(): void {
    const error = this.shared.loop.sys.getOption(this.fd, SOCKET_OPTIONS.error)
    if (error !== 0) return this.fail(errorOf('connect', error > 0 ? -error : error))
    this.#onConnected?.()
    this.#onConnected = undefined
  }

  #writable(): void {
    if (this.phase === 'tls') this.shake()
    else this.sendOn()
  }

  get #localEnd(): SocketAddress {
    if (this.#local === undefined && this.fd !== -1) {
      const { sys } = this.shared.loop
      if (sys.localName(this.fd) >= 0) this.#local = readAddress(sys.arena)
    }
    return this.#local ?? NOWHERE
  }
}

const NOWHERE: SocketAddress = { address: '', port: 0 }
