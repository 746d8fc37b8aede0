// Generated from envoy/config/core/v3/grpc_service.proto by tools/protobuf/generate.mjs: do not edit.

import { type DescMessage, type Message, field, message, oneof } from '../../../../../protobuf/index.ts'

export interface GrpcService extends Message<'envoy.config.core.v3.GrpcService'> {
  targetSpecifier: { case: 'envoyGrpc'; value: GrpcService_EnvoyGrpc } | { case: undefined; value?: undefined }
}

export const GrpcServiceSchema: DescMessage<GrpcService> = message('envoy.config.core.v3.GrpcService', () => ({
  targetSpecifier: oneof({ envoyGrpc: field(1, GrpcService_EnvoyGrpcSchema) }),
}))

export interface GrpcService_EnvoyGrpc extends Message<'envoy.config.core.v3.GrpcService.EnvoyGrpc'> {
  clusterName: string
}

export const GrpcService_EnvoyGrpcSchema: DescMessage<GrpcService_EnvoyGrpc> = message('envoy.config.core.v3.GrpcService.EnvoyGrpc', () => ({
  clusterName: field(1, 'string'),
}))
