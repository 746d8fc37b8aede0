import type { DescMessage, DescService, MessageInitShape, MessageShape } from './protobuf/index.ts'
import type { RpcError } from './rpc-error.ts'

/** Who called. */
export interface RpcPeer {
  readonly address: string
  readonly port: number
  /** SPIFFE id from the verified client certificate; undefined without one, and on plain text. */
  readonly principal: string | undefined
}

export interface RpcContext {
  readonly peer: RpcPeer
  /** The verified client certificate, DER, when it is valid now. */
  readonly certificate: Uint8Array | undefined
  /** A request header (gRPC metadata) by its lower-case name. */
  header(name: string): string | undefined
  /** Aborted when the caller has gone or its deadline passed. */
  readonly signal: AbortSignal
}

/** Answers one request; throws an `RpcError` to refuse. */
export type UnaryHandler<I extends DescMessage, O extends DescMessage> = (
  request: MessageShape<I>,
  context: RpcContext,
) => MessageInitShape<O> | Promise<MessageInitShape<O>>

/** Takes one stream: gets its writing half, returns what listens to the other. Throws an `RpcError` to refuse. */
export type StreamHandler<I extends DescMessage, O extends DescMessage> = (
  writer: StreamWriter<O>,
  context: RpcContext,
) => StreamListener<I>

/** The half of a stream that we write. */
export interface StreamWriter<Out extends DescMessage> {
  /** False: it is buffered; wait for `onDrain` before writing more. */
  write(message: MessageInitShape<Out>): boolean
  /** Ends our half; on a server with an error, the call fails with it. */
  end(error?: RpcError): void
}

/** The half of a stream that we hear. */
export interface StreamListener<In extends DescMessage> {
  onMessage(message: MessageShape<In>): void
  onDrain?(): void
  /** The other side has ended its half. */
  onEnd?(): void
  /** Last call, exactly once; without an error the call ended in order. */
  onClose(error: RpcError | undefined): void
}

/** A method of a service as its handler: unary or bidirectional. */
export type Handlers<S extends DescService> = {
  readonly [K in keyof S['method']]?: S['method'][K] extends {
    methodKind: 'unary'
    input: infer I extends DescMessage
    output: infer O extends DescMessage
  }
    ? UnaryHandler<I, O>
    : S['method'][K] extends { methodKind: 'bidi_streaming'; input: infer I extends DescMessage; output: infer O extends DescMessage }
      ? StreamHandler<I, O>
      : never
}

/** A service with its handlers; a method without one answers `UNIMPLEMENTED`. */
export interface RpcService {
  readonly descriptor: DescService
  readonly handlers: Readonly<Record<string, UnaryHandler<DescMessage, DescMessage> | StreamHandler<DescMessage, DescMessage> | undefined>>
}

/** Binds handlers to a service descriptor for `serve`. */
export function implement<S extends DescService>(descriptor: S, handlers: Handlers<S>): RpcService {
  return { descriptor, handlers: handlers as RpcService['handlers'] }
}
