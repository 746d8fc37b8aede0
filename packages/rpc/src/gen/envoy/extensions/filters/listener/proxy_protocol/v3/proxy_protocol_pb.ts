// Generated from envoy/extensions/filters/listener/proxy_protocol/v3/proxy_protocol.proto by tools/protobuf/generate.mjs: do not edit.

import { type DescMessage, type Message, message } from '../../../../../../../protobuf/index.ts'

export interface ProxyProtocol extends Message<'envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol'> {
}

export const ProxyProtocolSchema: DescMessage<ProxyProtocol> = message('envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol', () => ({
}))
