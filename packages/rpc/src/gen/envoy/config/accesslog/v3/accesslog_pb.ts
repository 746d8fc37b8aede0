// Generated from envoy/config/accesslog/v3/accesslog.proto by tools/protobuf/generate.mjs: do not edit.

import { type DescMessage, type Message, field, message, oneof } from '../../../../../protobuf/index.ts'
import { type Any, AnySchema } from '../../../../google/protobuf/any_pb.ts'

export interface AccessLog extends Message<'envoy.config.accesslog.v3.AccessLog'> {
  name: string
  configType: { case: 'typedConfig'; value: Any } | { case: undefined; value?: undefined }
}

export const AccessLogSchema: DescMessage<AccessLog> = message('envoy.config.accesslog.v3.AccessLog', () => ({
  name: field(1, 'string'),
  configType: oneof({ typedConfig: field(4, AnySchema) }),
}))
