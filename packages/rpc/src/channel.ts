import { Client, connectivityState, logVerbosity, Metadata, setLogVerbosity } from '@grpc/grpc-js'
import type { DescMessage, DescMethod, MessageInitShape, MessageShape } from './protobuf/index.ts'
import { openStream } from './client-stream.ts'
import { methodDefinition } from './codec.ts'
import { channelCredentials, type ChannelTrust } from './credentials.ts'
import { CHANNEL_LIMITS, type ChannelLimits } from './limits.ts'
import { RpcError, rpcErrorOf } from './rpc-error.ts'
import type { StreamListener, StreamWriter } from './service.ts'

export interface DialOptions extends ChannelTrust {
  /** `ip:port`, `[ip]:port` or `host:port`. */
  readonly address: string
  readonly limits?: Partial<ChannelLimits>
}

export interface CallOptions {
  readonly deadlineMs?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

/** A connection to one server, made when first needed and again after a failure, with growing, jittered pauses. */
export interface RpcChannel {
  readonly address: string
  readonly state: 'idle' | 'connecting' | 'ready' | 'failing' | 'closed'
  /** Rejects with an `RpcError`: `UNAVAILABLE`, with the reason, as soon as an attempt to connect has failed. */
  unary<I extends DescMessage, O extends DescMessage>(
    method: DescMethod<I, O, 'unary'>,
    request: MessageInitShape<I>,
    options?: CallOptions,
  ): Promise<MessageShape<O>>
  /** Fails with `UNAVAILABLE` while the server cannot be reached. */
  stream<I extends DescMessage, O extends DescMessage>(
    method: DescMethod<I, O, 'bidi_streaming'>,
    listener: StreamListener<O>,
    options?: Pick<CallOptions, 'headers'>,
  ): ClientStream<I>
  /** Ends all calls with `CANCELLED`. */
  close(): void
}

export interface ClientStream<I extends DescMessage> extends StreamWriter<I> {
  /** Gives the call up; `onClose` follows. */
  cancel(): void
}

/** Opens a channel. Throws a `TypeError` when TLS is asked for without saying whom to expect. */
export function dial(options: DialOptions): RpcChannel {
  setLogVerbosity(logVerbosity.NONE)
  if (isTls(options) && (options.expect ?? []).length === 0) throw new TypeError(`${options.address}: TLS needs the SPIFFE ids to expect`)
  return new Channel(options)
}

class Channel implements RpcChannel {
  readonly address: string
  readonly #client: Client
  readonly #limits: ChannelLimits
  readonly #streams = new Set<{ cancel(): void }>()
  #closed = false

  constructor(options: DialOptions) {
    this.address = options.address
    this.#limits = { ...CHANNEL_LIMITS, ...options.limits }
    this.#client = new Client(options.address, channelCredentials(options), channelOptions(this.#limits, isTls(options)))
  }

  get state(): RpcChannel['state'] {
    return this.#closed ? 'closed' : STATES[this.#client.getChannel().getConnectivityState(false)]
  }

  unary<I extends DescMessage, O extends DescMessage>(
    method: DescMethod<I, O, 'unary'>,
    request: MessageInitShape<I>,
    options: CallOptions = {},
  ): Promise<MessageShape<O>> {
    if (this.#closed) return Promise.reject(new RpcError('CANCELLED', 'the channel is closed'))
    const { path, requestSerialize, responseDeserialize } = methodDefinition(method)
    const deadline = Date.now() + (options.deadlineMs ?? this.#limits.deadlineMs)
    const metadata = metadataOf(options.headers)
    return new Promise((resolve, reject) => {
      const call = this.#client.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        request,
        metadata,
        { deadline },
        (error, reply) => {
          options.signal?.removeEventListener('abort', cancel)
          if (error === null) resolve(reply as MessageShape<O>)
          else reject(rpcErrorOf(error) ?? new RpcError('UNKNOWN', error.message))
        },
      )
      const cancel = () => call.cancel()
      if (options.signal?.aborted) cancel()
      else options.signal?.addEventListener('abort', cancel, { once: true })
    })
  }

  stream<I extends DescMessage, O extends DescMessage>(
    method: DescMethod<I, O, 'bidi_streaming'>,
    listener: StreamListener<O>,
    options: Pick<CallOptions, 'headers'> = {},
  ): ClientStream<I> {
    const { path, requestSerialize, responseDeserialize } = methodDefinition(method)
    const call = this.#client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize, metadataOf(options.headers), {})
    const stream = openStream<I, O>(call as never, {
      ...listen(listener),
      onClose: (error) => (this.#streams.delete(stream), listener.onClose(error)),
    })
    this.#streams.add(stream)
    return stream
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    for (const stream of this.#streams) stream.cancel()
    this.#client.close()
  }
}

const STATES = {
  [connectivityState.IDLE]: 'idle',
  [connectivityState.CONNECTING]: 'connecting',
  [connectivityState.READY]: 'ready',
  [connectivityState.TRANSIENT_FAILURE]: 'failing',
  [connectivityState.SHUTDOWN]: 'closed',
} as const

/** The name that a TLS client must send as SNI: the address is an IP literal, and the server is judged by its SPIFFE id. */
const SERVER_NAME = 'control.mesh.internal'

function isTls(trust: ChannelTrust): boolean {
  return trust.identity !== undefined || trust.rootsPem !== undefined
}

/** `HTTP_PROXY` is for applications: the control plane is dialled directly. Retries are the caller's. */
function channelOptions(limits: ChannelLimits, tls: boolean) {
  return {
    'grpc.max_receive_message_length': limits.maxReceiveBytes,
    'grpc.max_send_message_length': limits.maxSendBytes,
    'grpc.keepalive_time_ms': limits.keepaliveTimeMs,
    'grpc.keepalive_timeout_ms': limits.keepaliveTimeoutMs,
    'grpc.initial_reconnect_backoff_ms': limits.reconnectBaseMs,
    'grpc.max_reconnect_backoff_ms': limits.reconnectMaxMs,
    'grpc.enable_http_proxy': 0,
    'grpc.enable_retries': 0,
    'grpc.service_config_disable_resolution': 1,
    'grpc.use_local_subchannel_pool': 1,
    'grpc.enable_channelz': 0,
    ...(tls ? { 'grpc.ssl_target_name_override': SERVER_NAME } : {}),
  }
}

function metadataOf(headers: Readonly<Record<string, string>> | undefined): Metadata {
  const metadata = new Metadata()
  for (const [name, value] of Object.entries(headers ?? {})) metadata.set(name, value)
  return metadata
}

function listen<O extends DescMessage>(listener: StreamListener<O>): Omit<StreamListener<O>, 'onClose'> {
  return { onMessage: (message) => listener.onMessage(message), onDrain: () => listener.onDrain?.(), onEnd: () => listener.onEnd?.() }
}
