import { logVerbosity, Server, setLogVerbosity, type UntypedServiceImplementation } from '@grpc/grpc-js'
import type { SvidSource } from '@mesh/core/identity'
import { createCallCount } from './call-count.ts'
import { methodDefinition } from './codec.ts'
import { refuseCompressed } from './compression.ts'
import { serverCredentials } from './credentials.ts'
import { openDoor, type Door } from './door.ts'
import { SERVER_LIMITS, type ServerLimits } from './limits.ts'
import { bidiCall, unaryCall, type House } from './server-call.ts'
import type { RpcService, StreamHandler, UnaryHandler } from './service.ts'

export interface ServeOptions {
  /** IP literal. */
  readonly address: string
  /** 0 takes a free one. */
  readonly port: number
  readonly services: readonly RpcService[]
  /** Absent: plain text. */
  readonly identity?: SvidSource | undefined
  /** Default `required`. `optional` is for a service that gives out first certificates. */
  readonly clientCert?: 'required' | 'optional'
  readonly limits?: Partial<ServerLimits>
  /** Told of what a handler threw beside `RpcError`s. */
  readonly onError: (error: unknown) => void
  /** Told of each connection and call that was one too many. */
  readonly onRefused?: (reason: RefusedCall) => void
}

/**
 * Which bound a peer ran into: `connections` in all, a connection that stayed `silent`, `calls` in all, those of one identity,
 * a peer that did not take the end of its call (`stuck`), or one that sends `compressed` messages.
 */
export type RefusedCall = 'connections' | 'silent' | 'calls' | 'identity-calls' | 'stuck' | 'compressed'

export interface RpcServer {
  readonly address: string
  readonly port: number
  /** Refuses new connections at once, lets calls end for `graceMs`, then cuts them. */
  close(graceMs: number): Promise<void>
}

/** Serves gRPC on one address. Rejects when it cannot bind. */
export async function serve(options: ServeOptions): Promise<RpcServer> {
  setLogVerbosity(logVerbosity.NONE)
  const limits = { ...SERVER_LIMITS, ...options.limits }
  const { address, onError, onRefused = () => {} } = options
  const server = new Server({ ...channelOptions(limits), interceptors: [refuseCompressed(onRefused)] })
  const injector = server.createConnectionInjector(serverCredentials(options.identity, options.clientCert ?? 'required'))
  const { port } = options
  const door: Door = await openDoor({
    address,
    port,
    limits,
    onRefused,
    onError,
    onConnection: (socket) => injector.injectConnection(socket),
  })
  const calls = createCallCount({ limits, onRefused })
  for (const service of options.services) addService(server, service, { door, calls, limits, onError, onRefused })
  return { address, port: door.port, close: (graceMs) => close(server, door, graceMs) }
}

function channelOptions(limits: ServerLimits) {
  return {
    'grpc.max_receive_message_length': limits.maxReceiveBytes,
    'grpc.max_send_message_length': limits.maxSendBytes,
    'grpc.max_concurrent_streams': limits.maxStreamsPerConnection,
    'grpc.max_connection_age_ms': limits.maxConnectionAgeMs,
    'grpc.max_connection_age_grace_ms': limits.maxConnectionAgeGraceMs,
    'grpc.max_connection_idle_ms': limits.maxConnectionIdleMs,
    'grpc.keepalive_time_ms': limits.keepaliveTimeMs,
    'grpc.keepalive_timeout_ms': limits.keepaliveTimeoutMs,
    'grpc.enable_channelz': 0,
  }
}

function addService(server: Server, service: RpcService, house: House): void {
  const implementation: UntypedServiceImplementation = {}
  for (const method of Object.values(service.descriptor.method)) {
    const handler = service.handlers[method.localName]
    if (handler === undefined) continue
    implementation[method.localName] =
      method.methodKind === 'unary'
        ? unaryCall(handler as UnaryHandler<typeof method.input, typeof method.output>, house)
        : bidiCall(handler as StreamHandler<typeof method.input, typeof method.output>, house)
  }
  const definition = Object.fromEntries(
    Object.values(service.descriptor.method).map((method) => [method.localName, methodDefinition(method)]),
  )
  server.addService(definition, implementation)
}

function close(server: Server, door: Door, graceMs: number): Promise<void> {
  door.close()
  return new Promise((resolve) => {
    const cut = setTimeout(() => (server.forceShutdown(), door.clear()), graceMs)
    server.tryShutdown(() => {
      clearTimeout(cut)
      door.clear()
      resolve()
    })
  })
}
