import type { ServerDuplexStream } from '@grpc/grpc-js'
import type { DescMessage, MessageInitShape, MessageShape } from './protobuf/index.ts'
import { RpcError, statusOf } from './rpc-error.ts'
import type { House } from './server-call.ts'
import type { StreamListener, StreamWriter } from './service.ts'

/** One stream of a server: closes its listener once, and turns what a listener throws into the end of this stream alone. */
export class ServerStream<I extends DescMessage, O extends DescMessage> implements StreamWriter<O> {
  readonly #call: ServerDuplexStream<MessageShape<I>, MessageInitShape<O>>
  readonly #house: House
  #listener: StreamListener<I> | undefined
  #closed = false
  #ended = false
  #gone = false
  #place = ''
  #leave: () => void = () => {}
  #cut: NodeJS.Timeout | undefined

  constructor(call: ServerDuplexStream<MessageShape<I>, MessageInitShape<O>>, house: House) {
    this.#call = call
    this.#house = house
  }

  enter(principal: string | undefined, place: string): void {
    this.#place = place
    this.#leave = this.#house.calls.enter(principal)
    if (this.#gone) this.#leave()
  }

  listen(listener: StreamListener<I>): void {
    this.#listener = listener
    this.#call.on('data', (message: MessageShape<I>) => this.guard(() => this.#closed || listener.onMessage(message)))
    this.#call.on('drain', () => this.guard(() => this.#closed || listener.onDrain?.()))
    this.#call.on('end', () => this.guard(() => this.#closed || listener.onEnd?.()))
    this.#call.on('finish', () => this.close(undefined))
    if (this.#call.cancelled) this.close(new RpcError('CANCELLED', 'the caller has gone'))
  }

  write(message: MessageInitShape<O>): boolean {
    return this.#ended || this.#closed ? true : this.#call.write(message)
  }

  end(error?: RpcError): void {
    if (this.#ended) return
    this.#ended = true
    this.#expectGone()
    if (error === undefined) this.#call.end()
    else this.#call.emit('error', statusOf(error))
  }

  close(error: RpcError | undefined): void {
    if (this.#closed) return
    this.#closed = true
    this.#ended = true
    this.guard(() => this.#listener?.onClose(error))
  }

  /** The last byte was taken, or the caller has gone. */
  gone(): void {
    this.#gone = true
    clearTimeout(this.#cut)
    this.#leave()
    this.close(new RpcError('CANCELLED', 'the caller has gone'))
  }

  guard(step: () => unknown): void {
    try {
      step()
    } catch (thrown) {
      if (!(thrown instanceof RpcError)) this.#house.onError(thrown)
      this.end(thrown instanceof RpcError ? thrown : new RpcError('INTERNAL', 'internal error'))
    }
  }

  /** A peer that does not read would keep what was written for it for as long as it likes. */
  #expectGone(): void {
    if (this.#gone) return
    const { door, limits, onRefused } = this.#house
    this.#cut = setTimeout(() => (onRefused('stuck'), door.cut(this.#place)), limits.endGraceMs).unref()
  }
}
