import { chmodSync, renameSync, rmSync } from 'node:fs'
import { report } from '../../common/faults.ts'
import type { NamedSocket, Offer, OfferOptions } from '../../port/handover.ts'
import { codeOf } from '../errno.ts'
import type { Place, Watched } from '../loop.ts'
import { ARENA } from '../native/arena.ts'
import { MAX_DESCRIPTORS } from '../native/descriptors.ts'
import { ERRNO, LINUX, SOCKET_OPTIONS } from '../native/machine.ts'
import type { FastShared } from '../shared.ts'
import { namesMessage, TAKEN } from './message.ts'
import { UNIX_CELL, writeUnixAddress } from './unix-address.ts'

/** See `Handover.offer`. */
export async function offerSockets(shared: FastShared, options: OfferOptions): Promise<Offer> {
  const { sys } = shared.loop
  // Made beside it and moved there: whoever asks meets the one before or this one, never nobody.
  const beside = `${options.path}.${process.pid}`
  rmSync(beside, { force: true })
  const length = writeUnixAddress(sys.arena, beside)
  if (length === undefined) throw new Error(`${options.path} is no path for a socket: it may have 90 bytes.`)
  const fd = sys.socket(LINUX.AF_UNIX, LINUX.MESSAGES)
  const step = (result: number): void => {
    if (result < 0) throw new Error(`Nothing can be offered at ${options.path}: ${codeOf(result)}.`)
  }
  step(fd)
  try {
    step(sys.bind(fd, UNIX_CELL, length))
    chmodSync(beside, 0o600)
    step(sys.listen(fd, 1))
    renameSync(beside, options.path)
  } catch (error) {
    sys.close(fd)
    rmSync(beside, { force: true })
    throw error
  }
  return new OfferDoor(shared, options, fd).begin()
}

/** Waits for a successor. */
class OfferDoor implements Watched, Offer {
  readonly #shared: FastShared
  readonly #options: OfferOptions
  readonly #fd: number
  #place: Place | undefined
  #heir: Heir | undefined

  constructor(shared: FastShared, options: OfferOptions, fd: number) {
    this.#shared = shared
    this.#options = options
    this.#fd = fd
  }

  begin(): Offer {
    const place = this.#shared.loop.add(this.#fd, this, true)
    if (typeof place === 'number') {
      this.#shared.loop.sys.close(this.#fd)
      throw new Error(`Nothing can be offered at ${this.#options.path}: ${codeOf(place)}.`)
    }
    this.#place = place
    return this
  }

  onEvents(): void {
    const { sys } = this.#shared.loop
    const fd = sys.accept(this.#fd)
    if (fd < 0) return
    const refusal = this.#refusal(fd)
    if (refusal !== undefined) {
      sys.close(fd)
      return this.#options.onProblem(refusal)
    }
    this.#heir = new Heir(this.#shared, fd, (taken) => {
      this.#heir = undefined
      if (taken) this.#options.onTaken()
    })
    const failed = this.#heir.begin(this.#options.sockets())
    if (failed !== undefined) this.#options.onProblem(failed)
  }

  close(): void {
    const { loop } = this.#shared
    if (this.#place === undefined) return
    loop.remove(this.#place)
    this.#place = undefined
    loop.sys.close(this.#fd)
    this.#heir?.close()
  }

  #refusal(fd: number): string | undefined {
    const { sys } = this.#shared.loop
    if (this.#heir !== undefined) return 'Somebody asks for the sockets while somebody else takes them over.'
    if (sys.readOption(fd, SOCKET_OPTIONS.peerCredentials) < 12) return 'Nobody can tell who asks for the sockets.'
    const uid = sys.arena.view.getUint32(ARENA.cell + 4, true)
    return uid === process.getuid?.() ? undefined : `Another user (${uid}) asked for the sockets.`
  }
}

/** One that asked: has the sockets, and has not said yet that it serves. */
class Heir implements Watched {
  readonly #shared: FastShared
  readonly #onEnd: (taken: boolean) => void
  #fd: number
  #place: Place | undefined

  constructor(shared: FastShared, fd: number, onEnd: (taken: boolean) => void) {
    this.#shared = shared
    this.#fd = fd
    this.#onEnd = onEnd
  }

  /** Answers what went wrong. */
  begin(sockets: readonly NamedSocket[]): string | undefined {
    const { loop, descriptors } = this.#shared
    const place = loop.add(this.#fd, this, true)
    if (typeof place !== 'number') this.#place = place
    if (sockets.length > MAX_DESCRIPTORS) {
      this.#end(false)
      return `${sockets.length} sockets are too many to hand on: at most ${MAX_DESCRIPTORS}.`
    }
    const message = namesMessage(sockets)
    const sent =
      typeof place === 'number'
        ? place
        : descriptors.send(
            this.#fd,
            message,
            sockets.map(({ descriptor }) => descriptor),
          )
    if (sent === message.length) return undefined
    this.#end(false)
    return `The sockets could not be handed on: ${codeOf(sent)}.`
  }

  onEvents(): void {
    const { sys } = this.#shared.loop
    const count = sys.recv(this.#fd, ARENA.read, 1)
    if (count === -ERRNO.EAGAIN) return
    this.#end(count === 1 && sys.arena.bytes[ARENA.read] === TAKEN)
  }

  close(): void {
    if (this.#fd === -1) return
    const { loop } = this.#shared
    if (this.#place !== undefined) loop.remove(this.#place)
    loop.sys.close(this.#fd)
    this.#fd = -1
  }

  #end(taken: boolean): void {
    this.close()
    try {
      this.#onEnd(taken)
    } catch (error) {
      report(this.#shared.onFault, error)
    }
  }
}
