// Generated from envoy/extensions/filters/http/router/v3/router.proto by tools/protobuf/generate.mjs: do not edit.

import { type DescMessage, type Message, message } from '../../../../../../../protobuf/index.ts'

export interface Router extends Message<'envoy.extensions.filters.http.router.v3.Router'> {
}

export const RouterSchema: DescMessage<Router> = message('envoy.extensions.filters.http.router.v3.Router', () => ({
}))
