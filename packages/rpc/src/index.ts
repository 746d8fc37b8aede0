export { dial, type CallOptions, type ClientStream, type DialOptions, type RpcChannel } from './channel.ts'
export type { ChannelTrust } from './credentials.ts'
export { CHANNEL_LIMITS, SERVER_LIMITS, type ChannelLimits, type ServerLimits } from './limits.ts'
export { RpcError, type RpcCode } from './rpc-error.ts'
export { serve, type RefusedCall, type RpcServer, type ServeOptions } from './server.ts'
export {
  implement,
  type Handlers,
  type RpcContext,
  type RpcPeer,
  type RpcService,
  type StreamHandler,
  type StreamListener,
  type StreamWriter,
  type UnaryHandler,
} from './service.ts'
export { IstioCertificateService } from './gen/istio/v1/auth/ca_pb.ts'
export { spiffeIdOfCertificate } from './uri-sans.ts'
