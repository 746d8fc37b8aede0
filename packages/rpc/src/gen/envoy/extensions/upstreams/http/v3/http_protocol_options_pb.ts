// Generated from envoy/extensions/upstreams/http/v3/http_protocol_options.proto by tools/protobuf/generate.mjs: do not edit.

import { type DescMessage, type Message, field, message, oneof } from '../../../../../../protobuf/index.ts'
import { type Http1ProtocolOptions, Http1ProtocolOptionsSchema, type Http2ProtocolOptions, Http2ProtocolOptionsSchema, type HttpProtocolOptions as OtherHttpProtocolOptions, HttpProtocolOptionsSchema as OtherHttpProtocolOptionsSchema } from '../../../../config/core/v3/protocol_pb.ts'

export interface HttpProtocolOptions extends Message<'envoy.extensions.upstreams.http.v3.HttpProtocolOptions'> {
  commonHttpProtocolOptions?: OtherHttpProtocolOptions
  upstreamProtocolOptions: { case: 'explicitHttpConfig'; value: HttpProtocolOptions_ExplicitHttpConfig } | { case: 'useDownstreamProtocolConfig'; value: HttpProtocolOptions_UseDownstreamHttpConfig } | { case: undefined; value?: undefined }
}

export const HttpProtocolOptionsSchema: DescMessage<HttpProtocolOptions> = message('envoy.extensions.upstreams.http.v3.HttpProtocolOptions', () => ({
  commonHttpProtocolOptions: field(1, OtherHttpProtocolOptionsSchema),
  upstreamProtocolOptions: oneof({ explicitHttpConfig: field(3, HttpProtocolOptions_ExplicitHttpConfigSchema), useDownstreamProtocolConfig: field(4, HttpProtocolOptions_UseDownstreamHttpConfigSchema) }),
}))

export interface HttpProtocolOptions_ExplicitHttpConfig extends Message<'envoy.extensions.upstreams.http.v3.HttpProtocolOptions.ExplicitHttpConfig'> {
  protocolConfig: { case: 'httpProtocolOptions'; value: Http1ProtocolOptions } | { case: 'http2ProtocolOptions'; value: Http2ProtocolOptions } | { case: undefined; value?: undefined }
}

export const HttpProtocolOptions_ExplicitHttpConfigSchema: DescMessage<HttpProtocolOptions_ExplicitHttpConfig> = message('envoy.extensions.upstreams.http.v3.HttpProtocolOptions.ExplicitHttpConfig', () => ({
  protocolConfig: oneof({ httpProtocolOptions: field(1, Http1ProtocolOptionsSchema), http2ProtocolOptions: field(2, Http2ProtocolOptionsSchema) }),
}))

export interface HttpProtocolOptions_UseDownstreamHttpConfig extends Message<'envoy.extensions.upstreams.http.v3.HttpProtocolOptions.UseDownstreamHttpConfig'> {
  httpProtocolOptions?: Http1ProtocolOptions
  http2ProtocolOptions?: Http2ProtocolOptions
}

export const HttpProtocolOptions_UseDownstreamHttpConfigSchema: DescMessage<HttpProtocolOptions_UseDownstreamHttpConfig> = message('envoy.extensions.upstreams.http.v3.HttpProtocolOptions.UseDownstreamHttpConfig', () => ({
  httpProtocolOptions: field(1, Http1ProtocolOptionsSchema),
  http2ProtocolOptions: field(2, Http2ProtocolOptionsSchema),
}))
