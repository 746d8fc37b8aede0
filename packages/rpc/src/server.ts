import { logVerbosity, Server, setLogVerbosity, type ServerCredentials, type UntypedServiceImplementation } from '@grpc/grpc-js'
import type { SvidSource } from '@mesh/core/identity'
import { methodDefinition } from './codec.ts'
import { serverCredentials } from './credentials.ts'
import { SERVER_LIMITS, type ServerLimits } from './limits.ts'
import { bidiCall, unaryCall } from './server-call.ts'
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
}

export interface RpcServer {
  readonly address: string
  readonly port: number
  /** Refuses new connections at once, lets calls end for `graceMs`, then cuts them. */
  close(graceMs: number): Promise<void>
}

/** Serves gRPC on one address. Rejects when it cannot bind. */
export async function serve(options: ServeOptions): Promise<RpcServer> {
  setLogVerbosity(logVerbosity.NONE)
  const server = new Server(channelOptions({ ...SERVER_LIMITS, ...options.limits }))
  for (const service of options.services) addService(server, service, options.onError)
  const credentials = serverCredentials(options.identity, options.clientCert ?? 'required')
  const port = await bind(server, hostPort(options.address, options.port), credentials)
  return { address: options.address, port, close: (graceMs) => close(server, graceMs) }
}

function channelOptions(limits: ServerLimits) {
  return {
    'grpc.max_receive_message_length': limits.maxReceiveBytes,
    'grpc.max_send_message_length': limits.maxSendBytes,
    'grpc.max_concurrent_streams': limits.maxStreamsPerConnection,
    'grpc.max_connection_age_ms': limits.maxConnectionAgeMs,
    'grpc.max_connection_age_grace_ms': limits.maxConnectionAgeGraceMs,
    'grpc.keepalive_time_ms': limits.keepaliveTimeMs,
    'grpc.keepalive_timeout_ms': limits.keepaliveTimeoutMs,
    'grpc.enable_channelz': 0,
  }
}

function addService(server: Server, service: RpcService, onError: (error: unknown) => void): void {
  const implementation: UntypedServiceImplementation = {}
  for (const method of service.descriptor.methods) {
    const handler = service.handlers[method.localName]
    if (handler === undefined) continue
    implementation[method.localName] =
      method.methodKind === 'unary'
        ? unaryCall(handler as UnaryHandler<typeof method.input, typeof method.output>, onError)
        : bidiCall(handler as StreamHandler<typeof method.input, typeof method.output>, onError)
  }
  const definition = Object.fromEntries(service.descriptor.methods.map((method) => [method.localName, methodDefinition(method)]))
  server.addService(definition, implementation)
}

function bind(server: Server, target: string, credentials: ServerCredentials): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(target, credentials, (error, port) => (error === null ? resolve(port) : reject(error)))
  })
}

function close(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.forceShutdown(), graceMs)
    server.tryShutdown(() => {
      clearTimeout(cut)
      resolve()
    })
  })
}

function hostPort(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}
