import { ListenError, type Io } from '@mesh/io'
import type { Permit } from './messages.ts'

/**
 * Workers listen at one place together, and the kernel would let any other proxy of this user join them. So a place is given to workers only
 * once a socket could be bound there that shares it with nobody.
 */
export class ListenPermits {
  readonly #io: Pick<Io, 'listen'>
  readonly #inherited: (address: string, port: number) => number | undefined
  readonly #held = new Map<string, Held>()
  readonly #probes = new Map<string, Promise<number>>()

  /** `inherited`: the sockets that a predecessor's workers had there, each once. */
  constructor(io: Pick<Io, 'listen'>, inherited: (address: string, port: number) => number | undefined = () => undefined) {
    this.#io = io
    this.#inherited = inherited
  }

  /** Port 0 is the same free one for all who ask. */
  async ask(worker: number, address: string, port: number): Promise<Permit> {
    const key = `${address} ${port}`
    try {
      const inherited = this.#inherited(address, port)
      const granted = this.#held.get(key)?.port ?? (inherited === undefined ? await this.#probe(key, address, port) : port)
      const held = this.#held.get(key) ?? { port: granted, workers: [] }
      this.#held.set(key, held)
      held.workers.push(worker)
      return { kind: 'granted', port: held.port, inherited }
    } catch (error) {
      if (error instanceof ListenError) return { kind: 'refused', code: error.code, message: error.message }
      return { kind: 'refused', code: 'other', message: error instanceof Error ? error.message : String(error) }
    }
  }

  /** A worker listens there no more. */
  release(worker: number, address: string, port: number): void {
    this.#drop(`${address} ${port}`, (workers) => {
      const at = workers.indexOf(worker)
      if (at >= 0) workers.splice(at, 1)
    })
  }

  /** A worker is no more. */
  forget(worker: number): void {
    for (const key of [...this.#held.keys()])
      this.#drop(key, (workers) => {
        for (let at = workers.indexOf(worker); at >= 0; at = workers.indexOf(worker)) workers.splice(at, 1)
      })
  }

  #drop(key: string, from: (workers: number[]) => void): void {
    const held = this.#held.get(key)
    if (held === undefined) return
    from(held.workers)
    if (held.workers.length === 0) this.#held.delete(key)
  }

  #probe(key: string, address: string, port: number): Promise<number> {
    const running = this.#probes.get(key)
    if (running !== undefined) return running
    const probe = this.#tryOut(address, port).finally(() => this.#probes.delete(key))
    this.#probes.set(key, probe)
    return probe
  }

  /** Whoever connects in this moment is turned away, as a moment before. */
  async #tryOut(address: string, port: number): Promise<number> {
    const socket = await this.#io.listen({ address, port, maxConnections: 1, onConn: () => undefined })
    await socket.close()
    return socket.port
  }
}

interface Held {
  readonly port: number
  /** Each as often as it listens there. */
  readonly workers: number[]
}
