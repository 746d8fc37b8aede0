import { ARENA, type Arena, assertWithin } from './arena.ts'
import type { Library, Native } from './library.ts'
import { LINUX } from './machine.ts'

/** Descriptors that one message may carry (`SCM_MAX_FD` is 253). */
export const MAX_DESCRIPTORS = 250

/** `struct msghdr` and its parts in the arena's cell, alike on 64-bit Linux; the bytes that go along lie in the way out, those that come in the read area. */
const HEADER = ARENA.cell + 2304
const VECTOR = HEADER + 64
const CONTROL = HEADER + 128
/** `CMSG_LEN(0)`. */
const CONTROL_HEAD = 16
const CONTROL_BYTES = CONTROL_HEAD + 4 * MAX_DESCRIPTORS

/** Passes open files to another process and takes them, over a Unix socket (`unix(7)`, SCM_RIGHTS). */
export class Descriptors {
  readonly #arena: Arena
  readonly #base: bigint
  readonly #errno: Int32Array
  readonly #sendmsg: Native
  readonly #recvmsg: Native

  constructor(library: Library, arena: Arena) {
    assertWithin(CONTROL, CONTROL_BYTES)
    this.#arena = arena
    this.#base = library.addressOf(arena.buffer)
    this.#errno = new Int32Array(library.window(library.pointer('__errno_location', 0)(), 4))
    this.#sendmsg = library.number('sendmsg', 3)
    this.#recvmsg = library.number('recvmsg', 3)
  }

  /** One message; answers how many of the bytes went, or a negative error. */
  send(socket: number, bytes: Uint8Array, descriptors: readonly number[]): number {
    if (descriptors.length > MAX_DESCRIPTORS || bytes.length > ARENA.outBytes) throw new RangeError('Too much for one message.')
    const { view } = this.#arena
    this.#arena.bytes.set(bytes, ARENA.out)
    const length = descriptors.length === 0 ? 0 : CONTROL_HEAD + 4 * descriptors.length
    this.#header(ARENA.out, bytes.length, length)
    view.setBigUint64(CONTROL, BigInt(length), true)
    view.setInt32(CONTROL + 8, SOL_SOCKET, true)
    view.setInt32(CONTROL + 12, SCM_RIGHTS, true)
    for (const [index, descriptor] of descriptors.entries()) view.setInt32(CONTROL + CONTROL_HEAD + 4 * index, descriptor, true)
    return this.#result(this.#sendmsg(BigInt(socket), this.#at(HEADER), BigInt(LINUX.MSG_NOSIGNAL)))
  }

  /** What came, as copies; the descriptors are this process's from now on. Or a negative error. */
  receive(socket: number): { readonly bytes: Uint8Array; readonly descriptors: readonly number[] } | number {
    this.#header(ARENA.read, ARENA.readBytes, CONTROL_BYTES)
    const count = this.#result(this.#recvmsg(BigInt(socket), this.#at(HEADER), BigInt(MSG_CMSG_CLOEXEC)))
    if (count < 0) return count
    const { bytes, view } = this.#arena
    const control = Number(view.getBigUint64(HEADER + 40, true))
    const held = control < CONTROL_HEAD ? 0 : Number(view.getBigUint64(CONTROL, true)) - CONTROL_HEAD
    const rights = view.getInt32(CONTROL + 12, true) === SCM_RIGHTS ? Math.max(0, Math.min(held / 4, MAX_DESCRIPTORS)) : 0
    return {
      bytes: bytes.slice(ARENA.read, ARENA.read + count),
      descriptors: Array.from({ length: rights }, (_, index) => view.getInt32(CONTROL + CONTROL_HEAD + 4 * index, true)),
    }
  }

  #header(at: number, length: number, controlBytes: number): void {
    const { view, bytes } = this.#arena
    bytes.fill(0, HEADER, HEADER + 64)
    view.setBigUint64(VECTOR, this.#at(at), true)
    view.setBigUint64(VECTOR + 8, BigInt(length), true)
    view.setBigUint64(HEADER + 16, this.#at(VECTOR), true)
    view.setBigUint64(HEADER + 24, 1n, true)
    view.setBigUint64(HEADER + 32, controlBytes === 0 ? 0n : this.#at(CONTROL), true)
    view.setBigUint64(HEADER + 40, BigInt(controlBytes), true)
  }

  #at(offset: number): bigint {
    return this.#base + BigInt(offset)
  }

  #result(value: number): number {
    return value === -1 ? -(this.#errno[0] ?? 0) : value
  }
}

const SOL_SOCKET = 1
const SCM_RIGHTS = 1
/** Files that came are not handed on to programs that this process starts. */
const MSG_CMSG_CLOEXEC = 0x4000_0000
