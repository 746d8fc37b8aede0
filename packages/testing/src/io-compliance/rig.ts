import type { ConnectOptions, Io, ListenOptions, ListenSocket } from '@mesh/io'
import { Recorder, type RecorderHooks } from './recorder.ts'

export interface RigOptions {
  readonly onFault: (error: unknown) => void
  /** Until a close is given up whose peer takes nothing. */
  readonly closeMs?: number
  readonly maxUnsentBytes?: number
}

export type MakeIo = (options: RigOptions) => Io

/** A listener, what it accepted, and clients of it, all over one plug. */
export class Rig {
  readonly io: Io
  readonly faults: unknown[] = []
  readonly accepted: Recorder[] = []
  refused = 0
  readonly #sockets: ListenSocket[] = []
  readonly #clients: Recorder[] = []
  readonly #arrivals = new Set<() => void>()

  constructor(makeIo: MakeIo, options: Omit<RigOptions, 'onFault'> = {}) {
    this.io = makeIo({ ...options, onFault: (error) => this.faults.push(error) })
  }

  async listen(hooks: RecorderHooks = {}, options: Partial<ListenOptions> = {}): Promise<ListenSocket> {
    const socket = await this.io.listen({
      address: '127.0.0.1',
      port: 0,
      maxConnections: 100,
      onRefused: () => {
        this.refused++
        this.#wake()
      },
      onConn: (conn) => {
        const recorder = new Recorder(hooks)
        recorder.conn = conn
        this.accepted.push(recorder)
        this.#wake()
        return recorder
      },
      ...options,
    })
    this.#sockets.push(socket)
    return socket
  }

  connect(to: Pick<ListenSocket, 'address' | 'port'>, hooks: RecorderHooks = {}, options: Partial<ConnectOptions> = {}): Recorder {
    const recorder = new Recorder(hooks)
    const { address, port } = to
    recorder.conn = this.io.connect({ address, port, timeoutMs: 10_000, handler: recorder, ...options })
    this.#clients.push(recorder)
    return recorder
  }

  /** The connection that was accepted as the `index`th. */
  server(index = 0): Promise<Recorder> {
    return this.#until(() => this.accepted[index])
  }

  /** Resolves when so many connections were refused at the door. */
  async turnedAway(count: number): Promise<void> {
    await this.#until(() => (this.refused >= count ? true : undefined))
  }

  async close(): Promise<void> {
    for (const { conn } of [...this.#clients, ...this.accepted]) conn?.reset()
    await Promise.all(this.#sockets.map((socket) => socket.close()))
  }

  #until<T>(look: () => T | undefined): Promise<T> {
    return new Promise((resolve) => {
      const retry = (): void => {
        const found = look()
        if (found === undefined) return
        this.#arrivals.delete(retry)
        resolve(found)
      }
      this.#arrivals.add(retry)
      retry()
    })
  }

  #wake(): void {
    for (const retry of [...this.#arrivals]) retry()
  }
}

/** `size` bytes in which every place differs from its neighbours. */
export function pattern(size: number): Buffer {
  const bytes = Buffer.allocUnsafe(size)
  for (let at = 0; at < size; at++) bytes[at] = (at * 31 + (at >> 8) * 7) & 255
  return bytes
}
