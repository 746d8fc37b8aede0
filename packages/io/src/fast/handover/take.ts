import { IO_LIMITS } from '../../limits.ts'
import type { Inheritance, NamedSocket } from '../../port/handover.ts'
import type { Timer } from '../../port/timers.ts'
import { codeOf } from '../errno.ts'
import type { Place, Watched } from '../loop.ts'
import { ARENA } from '../native/arena.ts'
import { ERRNO, LINUX } from '../native/machine.ts'
import type { FastShared } from '../shared.ts'
import { socketsOf, TAKEN } from './message.ts'
import { UNIX_CELL, writeUnixAddress } from './unix-address.ts'

/** See `Handover.take`. */
export async function takeSockets(shared: FastShared, path: string): Promise<Inheritance | undefined> {
  const { sys } = shared.loop
  const length = writeUnixAddress(sys.arena, path)
  if (length === undefined) throw new Error(`${path} is no path for a socket.`)
  const fd = sys.socket(LINUX.AF_UNIX, LINUX.MESSAGES)
  if (fd < 0) throw new Error(`No socket to ask with: ${codeOf(fd)}.`)
  const connected = sys.connect(fd, UNIX_CELL, length)
  if (connected >= 0) return new Taking(shared, fd).answer
  sys.close(fd)
  if (connected === -ERRNO.ENOENT || connected === -ERRNO.ECONNREFUSED) return undefined
  throw new Error(`${path} cannot be asked for sockets: ${codeOf(connected)}.`)
}

/** The asking side, until the predecessor has answered and is told that it may go. */
class Taking implements Watched {
  readonly answer: Promise<Inheritance>
  readonly #shared: FastShared
  readonly #timer: Timer
  #fd: number
  #place: Place | undefined
  #settle: { resolve(inheritance: Inheritance): void; reject(error: Error): void } | undefined

  constructor(shared: FastShared, fd: number) {
    this.#shared = shared
    this.#fd = fd
    this.answer = new Promise((resolve, reject) => (this.#settle = { resolve, reject }))
    this.#timer = shared.timers.arm(IO_LIMITS.handoverMs, () => this.#fail(`it did not answer within ${IO_LIMITS.handoverMs} ms`))
    const place = shared.loop.add(fd, this, true)
    if (typeof place === 'number') this.#fail(codeOf(place))
    else this.#place = place
  }

  onEvents(): void {
    if (this.#settle === undefined) return this.#close()
    const got = this.#shared.descriptors.receive(this.#fd)
    if (typeof got === 'number') return got === -ERRNO.EAGAIN ? undefined : this.#fail(codeOf(got))
    const sockets = socketsOf(got.bytes, got.descriptors)
    if (sockets === undefined) {
      for (const descriptor of got.descriptors) this.#shared.loop.sys.close(descriptor)
      return this.#fail(got.bytes.length === 0 ? 'it hung up' : 'it answered something else')
    }
    this.#timer.cancel()
    this.#settle.resolve(this.#inheritance(sockets))
    this.#settle = undefined
  }

  #inheritance(sockets: readonly NamedSocket[]): Inheritance {
    const left = new Map(sockets.map(({ name, descriptor }) => [name, descriptor]))
    const { sys } = this.#shared.loop
    const closeRest = (): void => {
      for (const descriptor of left.values()) sys.close(descriptor)
      left.clear()
    }
    return {
      names: sockets.map(({ name }) => name),
      take: (name) => {
        const descriptor = left.get(name)
        left.delete(name)
        return descriptor
      },
      accept: () => {
        closeRest()
        this.#tellTaken()
      },
      decline: () => {
        closeRest()
        this.#close()
      },
    }
  }

  #tellTaken(): void {
    if (this.#fd === -1) return
    const { sys } = this.#shared.loop
    sys.arena.bytes[ARENA.out] = TAKEN
    sys.send(this.#fd, ARENA.out, 1)
    this.#close()
  }

  #fail(why: string): void {
    this.#timer.cancel()
    this.#close()
    this.#settle?.reject(new Error(`The predecessor handed no sockets over: ${why}.`))
    this.#settle = undefined
  }

  #close(): void {
    if (this.#fd === -1) return
    const { loop } = this.#shared
    if (this.#place !== undefined) loop.remove(this.#place)
    loop.sys.close(this.#fd)
    this.#fd = -1
  }
}
