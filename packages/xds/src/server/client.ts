import type { NodeSelf } from '@mesh/core/view'
import type { RpcPeer } from '@mesh/rpc'
import type { ResourceType } from '../resource-type.ts'
import type { TypeRequest, TypeResponse } from '../subscription/request.ts'
import { AdsSession } from '../subscription/session.ts'
import { statusOf, type TypeStatus } from '../subscription/status.ts'
import type { Resources } from '../view-codec.ts'

/** One connected client, as `syncz` shows it. */
export interface ClientStatus {
  readonly node: NodeSelf
  readonly peer: RpcPeer
  readonly mode: 'sotw' | 'delta'
  /** Unix milliseconds. */
  readonly connectedAtMs: number
  /** The snapshot whose view is being served to it. */
  readonly snapshot: string
  readonly types: readonly TypeStatus[]
}

export interface ClientOptions {
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
  #snapshot = ''

  constructor(options: ClientOptions) {
    this.#options = options
    this.#session = new AdsSession(options.mode)
  }

  get node(): NodeSelf {
    return this.#options.node
  }

  get status(): ClientStatus {
    const { node, peer, mode, connectedAtMs } = this.#options
    return { node, peer, mode, connectedAtMs, snapshot: this.#snapshot, types: this.#session.subscriptions.map(statusOf) }
  }

  serve(snapshot: string, resources: Resources): void {
    this.#snapshot = snapshot
    this.#session.setView(resources, snapshot)
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
