import type { Loop, Place } from './loop.ts'
import { ARENA, offsetIn } from './native/arena.ts'
import { ERRNO } from './native/machine.ts'
import { STEP, type TlsConnection } from './native/tls-session.ts'
import { Outbox } from './outbox.ts'

/** What a step of sending came to, where it is no count of bytes: an error of TLS, told by `tls.error()`. */
export const TLS_FAILED = -10_000

/** The sending half of a connection, and its descriptor: plain, or through TLS once that has begun. It calls nobody. */
export class Transport {
  readonly #loop: Loop
  readonly #outbox = new Outbox()
  #fd: number
  #place: Place | undefined
  tls: TlsConnection | undefined

  constructor(loop: Loop, fd: number) {
    this.#loop = loop
    this.#fd = fd
  }

  get fd(): number {
    return this.#fd
  }

  set place(place: Place) {
    this.#place = place
  }

  /** Bytes that were taken and wait for the kernel. */
  get waiting(): number {
    return this.#outbox.bytes
  }

  /** Hands bytes to the kernel, as many as it takes; answers how many, or a negative error. */
  send(bytes: Uint8Array): number {
    const at = offsetIn(this.#loop.sys.arena, bytes)
    if (at !== -1) return this.#sendAt(at, bytes.length)
    let sent = 0
    while (sent < bytes.length) {
      const piece =
        bytes.length - sent > ARENA.outBytes ? bytes.subarray(sent, sent + ARENA.outBytes) : sent === 0 ? bytes : bytes.subarray(sent)
      this.#loop.sys.arena.bytes.set(piece, ARENA.out)
      const count = this.#sendAt(ARENA.out, piece.length)
      if (count < 0) return count
      sent += count
      if (count < piece.length) break
    }
    return sent
  }

  sendFrom(offset: number, length: number): number {
    return this.#sendAt(offset, length)
  }

  /** Sends the arena's way out, of which so many bytes were filled. */
  sendGathered(length: number): number {
    return this.#sendAt(ARENA.out, length)
  }

  /** Keeps bytes that the kernel did not take; they must not change any more. */
  keep(bytes: Uint8Array): void {
    this.#outbox.push(bytes)
  }

  /** Sends what waits; answers how many bytes still do, or a negative error. */
  flush(): number {
    for (let head = this.#outbox.head; head !== undefined; head = this.#outbox.head) {
      const sent = this.send(head)
      if (sent < 0) return sent
      this.#outbox.take(sent)
      if (sent < head.length) break
    }
    return this.#outbox.bytes
  }

  /** Nothing more is sent. */
  fin(): void {
    this.tls?.shutdown()
    if (this.#fd !== -1) this.#loop.sys.shutdown(this.#fd)
  }

  recv(): number {
    return this.#loop.sys.recv(this.#fd, ARENA.read, ARENA.readBytes)
  }

  /** Gives the descriptor back, by FIN or by RST. Nothing may be done with it afterwards, and nothing is. */
  release(how: 'orderly' | 'reset'): void {
    if (how === 'orderly') this.tls?.shutdown()
    this.tls?.free()
    this.#outbox.clear()
    const fd = this.#fd
    this.#fd = -1
    if (fd === -1) return
    if (this.#place !== undefined) this.#loop.remove(this.#place)
    if (how === 'reset') this.#loop.sys.setLingerZero(fd)
    this.#loop.sys.close(fd)
  }

  #sendAt(offset: number, length: number): number {
    if (this.tls !== undefined) return this.#sealAt(this.tls, offset, length)
    const sent = this.#loop.sys.send(this.#fd, offset, length)
    return sent === -ERRNO.EAGAIN ? 0 : sent
  }

  /** A record at a time: OpenSSL answers after each. */
  #sealAt(tls: TlsConnection, offset: number, length: number): number {
    let sent = 0
    while (sent < length) {
      const count = tls.write(offset + sent, length - sent)
      if (count === STEP.more) break
      if (count < 0) return TLS_FAILED
      sent += count
    }
    return sent
  }
}
