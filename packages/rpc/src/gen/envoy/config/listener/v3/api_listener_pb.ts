// Generated from envoy/config/listener/v3/api_listener.proto by tools/protobuf/generate.mjs: do not edit.

import { type DescMessage, type Message, field, message } from '../../../../../protobuf/index.ts'
import { type Any, AnySchema } from '../../../../google/protobuf/any_pb.ts'

export interface ApiListener extends Message<'envoy.config.listener.v3.ApiListener'> {
  apiListener?: Any
}

export const ApiListenerSchema: DescMessage<ApiListener> = message('envoy.config.listener.v3.ApiListener', () => ({
  apiListener: field(1, AnySchema),
}))
