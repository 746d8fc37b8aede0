// Generated from envoy/extensions/filters/listener/tls_inspector/v3/tls_inspector.proto by tools/protobuf/generate.mjs: do not edit.

import { type DescMessage, type Message, message } from '../../../../../../../protobuf/index.ts'

export interface TlsInspector extends Message<'envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector'> {
}

export const TlsInspectorSchema: DescMessage<TlsInspector> = message('envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector', () => ({
}))
