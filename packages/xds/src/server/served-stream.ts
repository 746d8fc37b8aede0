import type { DescMessage, MessageShape } from '@mesh/rpc/protobuf'
import type { NodeSelf } from '@mesh/core/view'
import { RpcError, type RpcPeer, type StreamListener, type StreamWriter } from '@mesh/rpc'
import { decodeNode } from '../codec/node.ts'
import { GREET_MS, REQUEST_BURST, REQUESTS_PER_S } from '../limits.ts'
import { resourceTypeOf } from '../resource-type.ts'
import type { TypeResponse } from '../subscription/request.ts'
import { encodeView } from '../view-codec.ts'
import type { AdsServerOptions } from './ads-server.ts'
import { createAllowance } from './allowance.ts'
import { Client } from './client.ts'
import { REFUSAL_CODES, type RefusalReason } from './refusal.ts'
import { costOf, excessIn, excessOfRoom } from './request-bounds.ts'
import type { Member, Roster } from './roster.ts'
import type { RequestHead, Variant } from './variant.ts'

export interface ServedStreamOptions<I extends DescMessage, O extends DescMessage> {
  readonly variant: Variant<I, O>
  readonly writer: StreamWriter<O>
  readonly peer: RpcPeer
  readonly roster: Roster
  readonly server: AdsServerOptions
  /** Number of the stream. */
  readonly id: number
}

/** One stream of the server: its first request names its node, and every state that is served asks again whether it may. */
export class ServedStream<I extends DescMessage, O extends DescMessage> implements StreamListener<I> {
  readonly #options: ServedStreamOptions<I, O>
  readonly #allowed = createAllowance({ burst: REQUEST_BURST, perSecond: REQUESTS_PER_S, now: () => performance.now() })
  readonly #patience: NodeJS.Timeout
  #node: NodeSelf | undefined
  #member: Member | undefined

  constructor(options: ServedStreamOptions<I, O>) {
    this.#options = options
    const silent = () => options.writer.end(this.#refusal('silent', `no node was named within ${GREET_MS / 1000} s`))
    this.#patience = setTimeout(silent, GREET_MS).unref()
  }

  onMessage(message: MessageShape<I>): void {
    const { variant } = this.#options
    const request = variant.read(message)
    if (!this.#allowed(costOf(request))) throw this.#refusal('requests', `more than ${REQUESTS_PER_S} requests a second`)
    const head = variant.head(message)
    const { client } = (this.#member ??= this.#greet(head))
    const type = resourceTypeOf(head.typeUrl)
    // A type that is not served is not an error: clients ask for more than every server has.
    if (type === undefined) return
    const excess = excessIn(request)
    if (excess !== undefined) throw this.#refusal('names', excess)
    client.onRequest(type, request)
    const full = excessOfRoom(client.room)
    if (full !== undefined) throw this.#refusal('names', full)
  }

  onDrain(): void {
    this.#member?.client.onDrain()
  }

  onEnd(): void {
    this.#options.writer.end()
  }

  onClose(): void {
    clearTimeout(this.#patience)
    const { roster, server } = this.#options
    if (this.#member !== undefined && roster.delete(this.#member)) server.onStatus?.(this.#member.client.status, true)
  }

  #greet(head: RequestHead): Member {
    clearTimeout(this.#patience)
    const { roster, server, peer } = this.#options
    const node = this.#admitted(head)
    const refusal = roster.refusalOf(node)
    if (refusal !== undefined) throw this.#refusal('streams', refusal)
    const member: Member = {
      client: this.#client(node),
      refresh: () => this.#refresh(member.client),
      dismiss: (reason) => this.#options.writer.end(new RpcError('UNAVAILABLE', reason)),
    }
    roster.add(member)
    server.onConnected?.(node, peer)
    this.#serve(member.client)
    return member
  }

  /** The node that the stream speaks for, when the peer may speak for it. */
  #admitted({ node }: RequestHead): NodeSelf {
    if (node === undefined) throw this.#refusal('node', 'the first request must name its node')
    const decoded = decodeNode(node)
    if (decoded.kind === 'refused') throw this.#refusal('node', decoded.reason)
    this.#node = decoded.self
    const { server, peer } = this.#options
    const refusal = server.authorize(decoded.self, peer)
    if (refusal !== undefined) throw this.#refusal('unauthorized', refusal)
    return decoded.self
  }

  #client(node: NodeSelf): Client {
    const { variant, writer, peer, server, id } = this.#options
    const send = (response: TypeResponse) => writer.write(variant.write(response))
    const onStatus = (status: Client['status']) => server.onStatus?.(status, false)
    return new Client({ id, node, peer, mode: variant.mode, connectedAtMs: (server.wallClock ?? Date.now)(), send, onStatus })
  }

  #refresh(client: Client): void {
    const { server, peer, writer } = this.#options
    try {
      const refusal = server.authorize(client.node, peer)
      if (refusal === undefined) this.#serve(client)
      else writer.end(this.#refusal('unauthorized', refusal))
    } catch (error) {
      server.onError(error, client.node)
    }
  }

  #serve(client: Client): void {
    const { server } = this.#options
    try {
      const view = server.viewOf(client.node)
      if (view === undefined) return
      const stamp = { snapshot: view.snapshot, sequence: server.sequence?.() ?? 0 }
      client.serve(stamp, server.encode?.(view, client.node) ?? encodeView(view))
    } catch (error) {
      server.onError(error, client.node)
    }
  }

  #refusal(reason: RefusalReason, message: string): RpcError {
    const { server, peer } = this.#options
    server.onRefused?.({ reason, message, peer, node: this.#node })
    return new RpcError(REFUSAL_CODES[reason], message)
  }
}
