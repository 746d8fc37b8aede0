// Generated from envoy/config/core/v3/protocol.proto by tools/protobuf/generate.mjs: do not edit.

import { type DescMessage, type Message, boxed, field, message } from '../../../../../protobuf/index.ts'
import { type Duration, DurationSchema } from '../../../../google/protobuf/duration_pb.ts'

export interface HttpProtocolOptions extends Message<'envoy.config.core.v3.HttpProtocolOptions'> {
  idleTimeout?: Duration
  maxConnectionDuration?: Duration
  maxRequestsPerConnection?: number
}

export const HttpProtocolOptionsSchema: DescMessage<HttpProtocolOptions> = message('envoy.config.core.v3.HttpProtocolOptions', () => ({
  idleTimeout: field(1, DurationSchema),
  maxConnectionDuration: field(3, DurationSchema),
  maxRequestsPerConnection: field(6, boxed('uint32')),
}))

export interface Http1ProtocolOptions extends Message<'envoy.config.core.v3.Http1ProtocolOptions'> {
  allowAbsoluteUrl?: boolean
}

export const Http1ProtocolOptionsSchema: DescMessage<Http1ProtocolOptions> = message('envoy.config.core.v3.Http1ProtocolOptions', () => ({
  allowAbsoluteUrl: field(1, boxed('bool')),
}))

export interface KeepaliveSettings extends Message<'envoy.config.core.v3.KeepaliveSettings'> {
  interval?: Duration
  timeout?: Duration
}

export const KeepaliveSettingsSchema: DescMessage<KeepaliveSettings> = message('envoy.config.core.v3.KeepaliveSettings', () => ({
  interval: field(1, DurationSchema),
  timeout: field(2, DurationSchema),
}))

export interface Http2ProtocolOptions extends Message<'envoy.config.core.v3.Http2ProtocolOptions'> {
  maxConcurrentStreams?: number
  connectionKeepalive?: KeepaliveSettings
}

export const Http2ProtocolOptionsSchema: DescMessage<Http2ProtocolOptions> = message('envoy.config.core.v3.Http2ProtocolOptions', () => ({
  maxConcurrentStreams: field(2, boxed('uint32')),
  connectionKeepalive: field(15, KeepaliveSettingsSchema),
}))
