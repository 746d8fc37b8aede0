// Generated from envoy/config/trace/v3/http_tracer.proto by tools/protobuf/generate.mjs: do not edit.

import { type DescMessage, type Message, field, message, oneof } from '../../../../../protobuf/index.ts'
import { type Any, AnySchema } from '../../../../google/protobuf/any_pb.ts'

export interface Tracing extends Message<'envoy.config.trace.v3.Tracing'> {
}

export const TracingSchema: DescMessage<Tracing> = message('envoy.config.trace.v3.Tracing', () => ({
}))

export interface Tracing_Http extends Message<'envoy.config.trace.v3.Tracing.Http'> {
  name: string
  configType: { case: 'typedConfig'; value: Any } | { case: undefined; value?: undefined }
}

export const Tracing_HttpSchema: DescMessage<Tracing_Http> = message('envoy.config.trace.v3.Tracing.Http', () => ({
  name: field(1, 'string'),
  configType: oneof({ typedConfig: field(3, AnySchema) }),
}))
