import type { handleBidiStreamingCall, handleUnaryCall, Metadata, ServerDuplexStream } from '@grpc/grpc-js'
import type { DescMessage, MessageInitShape, MessageShape } from '@bufbuild/protobuf'
import type { EventEmitter } from 'node:events'
import { RpcError, rpcErrorOf, statusOf } from './rpc-error.ts'
import type { RpcContext, RpcPeer, StreamHandler, StreamListener, StreamWriter, UnaryHandler } from './service.ts'
import { spiffeIdOfCertificate } from './uri-sans.ts'

type OnError = (error: unknown) => void

/** A unary handler as grpc-js calls it; what it throws becomes a status. */
export function unaryCall<I extends DescMessage, O extends DescMessage>(
  handler: UnaryHandler<I, O>,
  onError: OnError,
): handleUnaryCall<MessageShape<I>, MessageInitShape<O>> {
  return async (call, callback) => {
    try {
      callback(null, await handler(call.request, contextOf(call)))
    } catch (thrown) {
      if (!(thrown instanceof RpcError)) onError(thrown)
      callback(statusOf(thrown))
    }
  }
}

/** A stream handler as grpc-js calls it. */
export function bidiCall<I extends DescMessage, O extends DescMessage>(
  handler: StreamHandler<I, O>,
  onError: OnError,
): handleBidiStreamingCall<MessageShape<I>, MessageInitShape<O>> {
  return (call) => {
    const stream = new ServerStream<I, O>(call, onError)
    call.on('error', (error: Error) => stream.close(rpcErrorOf(error)))
    call.on('cancelled', () => stream.close(new RpcError('CANCELLED', 'the caller has gone')))
    stream.guard(() => stream.listen(handler(stream, contextOf(call))))
  }
}

/** One stream of a server: closes its listener once, and turns what a listener throws into the end of this stream alone. */
class ServerStream<I extends DescMessage, O extends DescMessage> implements StreamWriter<O> {
  readonly #call: ServerDuplexStream<MessageShape<I>, MessageInitShape<O>>
  readonly #onError: OnError
  #listener: StreamListener<I> | undefined
  #closed = false
  #ended = false

  constructor(call: ServerDuplexStream<MessageShape<I>, MessageInitShape<O>>, onError: OnError) {
    this.#call = call
    this.#onError = onError
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
    if (error === undefined) this.#call.end()
    else this.#call.emit('error', statusOf(error))
  }

  close(error: RpcError | undefined): void {
    if (this.#closed) return
    this.#closed = true
    this.#ended = true
    this.guard(() => this.#listener?.onClose(error))
  }

  guard(step: () => unknown): void {
    try {
      step()
    } catch (thrown) {
      if (!(thrown instanceof RpcError)) this.#onError(thrown)
      this.end(thrown instanceof RpcError ? thrown : new RpcError('INTERNAL', 'internal error'))
    }
  }
}

interface SurfaceCall extends Pick<EventEmitter, 'on'> {
  readonly metadata: Metadata
  readonly cancelled: boolean
  getPeer(): string
  getAuthContext(): { sslPeerCertificate?: { raw: Buffer } | undefined }
}

function contextOf(call: SurfaceCall): RpcContext {
  const controller = new AbortController()
  if (call.cancelled) controller.abort()
  call.on('cancelled', () => controller.abort())
  return {
    peer: peerOf(call),
    header: (name) => call.metadata.get(name).find((value): value is string => typeof value === 'string'),
    signal: controller.signal,
  }
}

/** grpc-js hands out a certificate only when its chain was verified. */
function peerOf(call: SurfaceCall): RpcPeer {
  const peer = call.getPeer()
  const colon = peer.lastIndexOf(':')
  const certificate = call.getAuthContext().sslPeerCertificate
  return {
    address: peer.slice(0, colon).replace(/^\[|\]$/g, ''),
    port: Number(peer.slice(colon + 1)),
    principal: certificate === undefined ? undefined : spiffeIdOfCertificate(certificate.raw),
  }
}
