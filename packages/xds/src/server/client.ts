import type { NodeSelf } from '@mesh/core/view'
import type { RpcPeer } from '@mesh/rpc'
import type { ResourceType } from '../resource-type.ts'
import type { TypeRequest, TypeResponse } from '../subscription/request.ts'
import { AdsSession } from '../subscription/session.ts'
import { statusOf, type TypeStatus } from '../subscription/status.ts'
import type { Stamp } from '../subscription/acceptance.ts'
import type { Resources } from '../view-codec.ts'

/** One connected client, as `syncz` shows it. */
export interface ClientStatus {
  /** Number of its stream. */
  readonly id: number
  readonly node: NodeSelf
  readonly peer: RpcPeer
  readonly mode: 'sotw' | 'delta'
  /** Unix milliseconds. */
  readonly connectedAtMs: number
  /** The snapshot whose view is being served to it, and its number; 0 before the first. */
  readonly snapshot: string
  readonly sequence: number
  readonly types: readonly TypeStatus[]
}

export interface ClientOptions {
  readonly id: number
  readonly node: NodeSelf
  readonly peer: RpcPeer
  readonly mode: 'sotw' | 'delta'
  readonly connectedAtMs: number
  /** False: the stream is full; `onDrain` will be called. */
  readonly send: (response: TypeResponse) => boolean
  readonly onStatus: (status: ClientStatus) => void
}

/** One client of the server: its subscriptions, the latest view for it, and nothing queued. */
export class Client {
  readonly #options: ClientOptions
  readonly #session: AdsSession
  #writable = true
  #stamp: Stamp = { snapshot: '', sequence: 0 }

  constructor(options: ClientOptions) {
    this.#options = options
    this.#session = new AdsSession(options.mode)
  }

  get node(): NodeSelf {
    return this.#options.node
  }

  /** Names that it has subscribed to, and their characters. */
  get room(): AdsSession['room'] {
    return this.#session.room
  }

  get status(): ClientStatus {
    const { id, node, peer, mode, connectedAtMs } = this.#options
    return { id, node, peer, mode, connectedAtMs, ...this.#stamp, types: this.#session.subscriptions.map(statusOf) }
  }

  serve(stamp: Stamp, resources: Resources): void {
    this.#stamp = stamp
    this.#session.setView(resources, stamp)
    this.#flush()
  }

  onRequest(type: ResourceType, request: TypeRequest): void {
    this.#session.onRequest(type, request)
    this.#flush()
  }

  onDrain(): void {
    this.#writable = true
    this.#flush()
  }

  #flush(): void {
    while (this.#writable) {
      const response = this.#session.next()
      if (response === undefined) break
      this.#writable = this.#options.send(response)
    }
    this.#options.onStatus(this.status)
  }
}
