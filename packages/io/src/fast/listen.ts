import { guarded, report } from '../common/faults.ts'
import { listenError } from '../common/listen-error.ts'
import { IO_LIMITS } from '../limits.ts'
import type { ListenOptions, ListenSocket } from '../port/io.ts'
import { codeOf } from './errno.ts'
import { FastConn, type Ends } from './fast-conn.ts'
import type { Place, Watched } from './loop.ts'
import { ARENA } from './native/arena.ts'
import { ERRNO, LINUX, SOCKET_OPTIONS } from './native/machine.ts'
import type { Sys } from './native/sys.ts'
import type { FastShared } from './shared.ts'
import { isAny, readAddress, writeAddress, type SocketAddress } from './socket-address.ts'

/** Binds; see `Io.listen`. */
export async function listen(shared: FastShared, options: ListenOptions): Promise<ListenSocket> {
  const { sys } = shared.loop
  const fd = options.inherited ?? bind(sys, options)
  const named = sys.localName(fd)
  if (named < 0) {
    sys.close(fd)
    throw failed(options, named)
  }
  const local = readAddress(sys.arena)
  const listener = new Listener(shared, options, fd, local)
  const watched = listener.begin()
  if (watched < 0) {
    void listener.close()
    throw failed(options, watched)
  }
  return { ...local, descriptor: fd, address: options.address, close: () => listener.close() }
}

/** A socket that listens; throws a `ListenError`. */
function bind(sys: Sys, options: ListenOptions): number {
  const target = writeAddress(sys.arena, options)
  if (target === undefined) throw listenError(options, { code: 'EADDRNOTAVAIL', message: '' })
  const fd = sys.socket(target.family, LINUX.STREAM)
  if (fd < 0) throw failed(options, fd)
  sys.setOption(fd, SOCKET_OPTIONS.reuseAddress, 1)
  if (options.reusePort === true) sys.setOption(fd, SOCKET_OPTIONS.reusePort, 1)
  // What is accepted has it, too.
  sys.setOption(fd, SOCKET_OPTIONS.noDelay, 1)
  if (target.family === LINUX.AF_INET6) sys.setOption(fd, SOCKET_OPTIONS.v6Only, 0)
  const result = open(sys, fd, options)
  if (result >= 0) return fd
  sys.close(fd)
  throw failed(options, result)
}

function open(sys: Sys, fd: number, options: ListenOptions): number {
  const diverting = options.transparent === true ? sys.setOption(fd, transparent(options.address), 1) : 0
  if (diverting < 0) return diverting
  const length = writeAddress(sys.arena, options)?.length ?? 0
  const binding = sys.bind(fd, ARENA.cell, length)
  return binding < 0 ? binding : sys.listen(fd, IO_LIMITS.backlog)
}

/** Of a socket of IPv6 the option says it for IPv4 too. */
function transparent(address: string): readonly [number, number] {
  return address.includes(':') ? SOCKET_OPTIONS.transparentV6 : SOCKET_OPTIONS.transparent
}

function failed(options: ListenOptions, result: number): Error {
  const code = codeOf(result)
  return listenError(options, { code, message: code })
}

/** Accepts what comes. */
class Listener implements Watched {
  readonly #shared: FastShared
  readonly #options: ListenOptions
  readonly #bound: SocketAddress
  #fd: number
  #place: Place | undefined
  #open = 0
  /** A descriptor in reserve: when there is no other, it is given up to tell the next caller that he is refused. */
  #reserve: number

  constructor(shared: FastShared, options: ListenOptions, fd: number, local: SocketAddress) {
    this.#shared = shared
    this.#options = options
    this.#fd = fd
    this.#bound = local
    this.#reserve = shared.loop.sys.openNull()
  }

  /** Answers a negative error when the loop cannot take it. */
  begin(): number {
    const place = this.#shared.loop.add(this.#fd, this, true)
    if (typeof place === 'number') return place
    this.#place = place
    return 0
  }

  onEvents(): void {
    for (let count = 0; count < IO_LIMITS.acceptsPerTurn && this.#fd !== -1; count++) {
      const { sys } = this.#shared.loop
      const fd = sys.accept(this.#fd)
      if (fd >= 0) this.#take(fd, readAddress(sys.arena))
      else if (fd === -ERRNO.EMFILE || fd === -ERRNO.ENFILE) this.#refuseOne()
      else if (fd !== -ERRNO.ECONNABORTED && fd !== -ERRNO.EINTR) return
    }
  }

  async close(): Promise<void> {
    const { loop } = this.#shared
    const fd = this.#fd
    this.#fd = -1
    if (fd === -1) return
    if (this.#place !== undefined) loop.remove(this.#place, fd)
    loop.sys.close(fd)
    if (this.#reserve >= 0) loop.sys.close(this.#reserve)
    await new Promise((resolve) => setImmediate(resolve))
  }

  onThreadEnd(): void {
    if (this.#reserve >= 0) this.#shared.loop.sys.close(this.#reserve)
  }

  #take(fd: number, remote: SocketAddress): void {
    const { onFault } = this.#shared
    if (this.#open >= this.#options.maxConnections) {
      this.#shared.loop.sys.close(fd)
      guarded(onFault, () => this.#options.onRefused?.())
      return
    }
    this.#open++
    const conn = new FastConn(this.#shared, fd, 'open', () => void this.#open--)
    conn.know(this.#ends(remote))
    try {
      const handler = this.#options.onConn(conn)
      if (handler === undefined) return conn.reset()
      conn.handler = handler
      conn.begin()
    } catch (error) {
      report(onFault, error)
      conn.reset()
    }
  }

  /** What is known of a connection's ends without asking. */
  #ends(remote: SocketAddress): Ends {
    if (this.#options.transparent === true) return { remote, divertedTo: this.#bound }
    return isAny(this.#bound.address) ? { remote } : { remote, local: this.#bound }
  }

  #refuseOne(): void {
    const { sys } = this.#shared.loop
    if (this.#reserve >= 0) sys.close(this.#reserve)
    const fd = sys.accept(this.#fd)
    if (fd >= 0) sys.close(fd)
    this.#reserve = sys.openNull()
    if (fd >= 0) guarded(this.#shared.onFault, () => this.#options.onRefused?.())
  }
}
