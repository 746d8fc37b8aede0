import { Addresses, big } from './addresses.ts'
import { type Arena, ARENA } from './arena.ts'
import type { Library, Native } from './library.ts'
import { epollLayout, ERRNO, LINUX } from './machine.ts'

/**
 * System calls on sockets. Each answers what the kernel does, or the error as a negative number; memory is named by offsets in the arena.
 * An interface, so that tests can make any call fail.
 */
export interface Sys {
  readonly arena: Arena
  socket(family: number, type: number): number
  bind(fd: number, offset: number, length: number): number
  listen(fd: number, backlog: number): number
  connect(fd: number, offset: number, length: number): number
  /** The peer's address lies in the arena's cell then. */
  accept(fd: number): number
  recv(fd: number, offset: number, length: number): number
  send(fd: number, offset: number, length: number): number
  shutdown(fd: number): number
  /** Of a listening socket: it takes no more connections, whoever has it open. */
  stopListening(fd: number): number
  close(fd: number): number
  setOption(fd: number, option: readonly [number, number], value: number): number
  /** RST instead of FIN at `close`. */
  setLingerZero(fd: number): number
  /** A number, or a negative error. */
  getOption(fd: number, option: readonly [number, number]): number
  /** Whatever the option holds, in the arena's cell; answers its length. */
  readOption(fd: number, option: readonly [number, number]): number
  /** Own address, in the arena's cell; answers its length. */
  localName(fd: number): number
  epoll(): number
  watch(epoll: number, fd: number, events: number, slot: number, generation: number): number
  /** Another process may have the same open file: closing it here would not end its events. */
  unwatch(epoll: number, fd: number): number
  /** So many events are there, each read by `eventAt`. */
  wait(epoll: number): number
  eventAt(index: number): void
  /** What `eventAt` read. */
  readonly event: { flags: number; slot: number; generation: number }
  openNull(): number
  /** A pipe that never waits; its ends, the reading one first, lie in the arena's cell as two 32-bit numbers. */
  pipe(): number
  /** So many bytes fit in it, or nearly. */
  setPipeSize(fd: number, bytes: number): number
  /** Moves bytes between a pipe and something else without a look at them; never waits. */
  splice(from: number, to: number, length: number): number
  read(fd: number, offset: number, length: number): number
}

export class LinuxSys implements Sys {
  readonly arena: Arena
  readonly event = { flags: 0, slot: 0, generation: 0 }
  readonly #addresses: Addresses
  readonly #errno: Int32Array
  readonly #calls: Calls
  readonly #layout = epollLayout(process.arch)
  readonly #maxEvents: bigint

  constructor(library: Library, arena: Arena) {
    this.arena = arena
    this.#addresses = new Addresses(library.addressOf(arena.buffer))
    this.#errno = new Int32Array(library.window(library.pointer('__errno_location', 0)(), 4))
    this.#calls = callsOf(library)
    this.#maxEvents = BigInt(Math.floor(ARENA.eventsBytes / this.#layout.size))
  }

  socket(family: number, type: number): number {
    return this.#result(this.#calls.socket(big(family), big(type), 0n))
  }

  bind(fd: number, offset: number, length: number): number {
    return this.#result(this.#calls.bind(big(fd), this.#at(offset, length), big(length)))
  }

  listen(fd: number, backlog: number): number {
    return this.#result(this.#calls.listen(big(fd), big(backlog)))
  }

  connect(fd: number, offset: number, length: number): number {
    return this.#result(this.#calls.connect(big(fd), this.#at(offset, length), big(length)))
  }

  accept(fd: number): number {
    this.arena.view.setUint32(LENGTH_CELL, ADDRESS_BYTES, true)
    return this.#result(this.#calls.accept4(big(fd), this.#at(ARENA.cell, ADDRESS_BYTES), this.#at(LENGTH_CELL, 4), big(LINUX.ACCEPT)))
  }

  recv(fd: number, offset: number, length: number): number {
    const address = this.#at(offset, length)
    for (;;) {
      const got = this.#calls.recv(big(fd), address, big(length), 0n)
      if (got !== -1 || this.#errno[0] !== ERRNO.EINTR) return this.#result(got)
    }
  }

  send(fd: number, offset: number, length: number): number {
    const address = this.#at(offset, length)
    for (;;) {
      const sent = this.#calls.send(big(fd), address, big(length), NO_SIGNAL)
      if (sent !== -1 || this.#errno[0] !== ERRNO.EINTR) return this.#result(sent)
    }
  }

  shutdown(fd: number): number {
    return this.#result(this.#calls.shutdown(big(fd), big(LINUX.SHUT_WR)))
  }

  stopListening(fd: number): number {
    return this.#result(this.#calls.shutdown(big(fd), big(LINUX.SHUT_RD)))
  }

  close(fd: number): number {
    return this.#result(this.#calls.close(big(fd), 0n))
  }

  setOption(fd: number, [level, name]: readonly [number, number], value: number): number {
    this.arena.view.setInt32(ARENA.cell, value, true)
    return this.#result(this.#calls.setsockopt(big(fd), big(level), big(name), this.#at(ARENA.cell, 4), 4n))
  }

  setLingerZero(fd: number): number {
    this.arena.view.setInt32(ARENA.cell, 1, true)
    this.arena.view.setInt32(ARENA.cell + 4, 0, true)
    return this.#result(this.#calls.setsockopt(big(fd), 1n, 13n, this.#at(ARENA.cell, 8), 8n))
  }

  getOption(fd: number, option: readonly [number, number]): number {
    const length = this.readOption(fd, option)
    return length < 0 ? length : this.arena.view.getInt32(ARENA.cell, true)
  }

  readOption(fd: number, [level, name]: readonly [number, number]): number {
    this.arena.view.setUint32(LENGTH_CELL, ADDRESS_BYTES, true)
    const cell = this.#at(ARENA.cell, ADDRESS_BYTES)
    const failed = this.#result(this.#calls.getsockopt(big(fd), big(level), big(name), cell, this.#at(LENGTH_CELL, 4)))
    return failed < 0 ? failed : this.arena.view.getUint32(LENGTH_CELL, true)
  }

  localName(fd: number): number {
    this.arena.view.setUint32(LENGTH_CELL, ADDRESS_BYTES, true)
    const failed = this.#result(this.#calls.getsockname(big(fd), this.#at(ARENA.cell, ADDRESS_BYTES), this.#at(LENGTH_CELL, 4)))
    return failed < 0 ? failed : this.arena.view.getUint32(LENGTH_CELL, true)
  }

  epoll(): number {
    return this.#result(this.#calls.epoll_create1(big(LINUX.EPOLL_CLOEXEC), 0n))
  }

  watch(epoll: number, fd: number, events: number, slot: number, generation: number): number {
    const { view } = this.arena
    view.setUint32(ARENA.cell, events, true)
    view.setUint32(ARENA.cell + this.#layout.data, slot, true)
    view.setUint32(ARENA.cell + this.#layout.data + 4, generation, true)
    return this.#result(this.#calls.epoll_ctl(big(epoll), big(LINUX.EPOLL_ADD), big(fd), this.#at(ARENA.cell, this.#layout.size)))
  }

  unwatch(epoll: number, fd: number): number {
    return this.#result(this.#calls.epoll_ctl(big(epoll), big(LINUX.EPOLL_DELETE), big(fd), 0n))
  }

  wait(epoll: number): number {
    return this.#result(this.#calls.epoll_wait(big(epoll), this.#at(ARENA.events, ARENA.eventsBytes), this.#maxEvents, 0n))
  }

  eventAt(index: number): void {
    const at = ARENA.events + index * this.#layout.size
    const { view } = this.arena
    this.event.flags = view.getUint32(at, true)
    this.event.slot = view.getUint32(at + this.#layout.data, true)
    this.event.generation = view.getUint32(at + this.#layout.data + 4, true)
  }

  openNull(): number {
    const { bytes } = this.arena
    bytes.set(DEV_NULL, ARENA.cell)
    return this.#result(this.#calls.open(this.#at(ARENA.cell, DEV_NULL.length), big(LINUX.O_RDONLY_CLOEXEC)))
  }

  pipe(): number {
    return this.#result(this.#calls.pipe2(this.#at(ARENA.cell, 8), big(LINUX.PIPE)))
  }

  setPipeSize(fd: number, bytes: number): number {
    return this.#result(this.#calls.fcntl(big(fd), big(LINUX.F_SETPIPE_SZ), big(bytes)))
  }

  splice(from: number, to: number, length: number): number {
    for (;;) {
      const moved = this.#calls.splice(big(from), 0n, big(to), 0n, big(length), big(LINUX.SPLICE))
      if (moved !== -1 || this.#errno[0] !== ERRNO.EINTR) return this.#result(moved)
    }
  }

  read(fd: number, offset: number, length: number): number {
    return this.#result(this.#calls.read(big(fd), this.#at(offset, length), big(length)))
  }

  #at(offset: number, length: number): bigint {
    return this.#addresses.at(offset, length)
  }

  #result(value: number): number {
    return value === -1 ? -(this.#errno[0] ?? 0) : value
  }
}

/** Where an address's length stands, behind the address. */
const LENGTH_CELL = ARENA.cell + 48
/** Room for the address of any family in use. */
const ADDRESS_BYTES = 32
const NO_SIGNAL = BigInt(LINUX.MSG_NOSIGNAL)
const DEV_NULL = Buffer.from('/dev/null\0')

const CALLS = {
  socket: 3,
  bind: 3,
  listen: 2,
  connect: 3,
  accept4: 4,
  recv: 4,
  send: 4,
  shutdown: 2,
  close: 2,
  setsockopt: 5,
  getsockopt: 5,
  getsockname: 3,
  epoll_create1: 2,
  epoll_ctl: 4,
  epoll_wait: 4,
  open: 2,
  pipe2: 2,
  fcntl: 3,
  splice: 6,
  read: 3,
} as const

type Calls = { readonly [Name in keyof typeof CALLS]: Native }

function callsOf(library: Library): Calls {
  return Object.fromEntries(Object.entries(CALLS).map(([name, args]) => [name, library.number(name, args)])) as Calls
}
