// Generated from envoy/extensions/transport_sockets/raw_buffer/v3/raw_buffer.proto by tools/protobuf/generate.mjs: do not edit.

import { type DescMessage, type Message, message } from '../../../../../../protobuf/index.ts'

export interface RawBuffer extends Message<'envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer'> {
}

export const RawBufferSchema: DescMessage<RawBuffer> = message('envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer', () => ({
}))
