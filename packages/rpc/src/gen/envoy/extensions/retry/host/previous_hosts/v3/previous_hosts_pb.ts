// Generated from envoy/extensions/retry/host/previous_hosts/v3/previous_hosts.proto by tools/protobuf/generate.mjs: do not edit.

import { type DescMessage, type Message, message } from '../../../../../../../protobuf/index.ts'

export interface PreviousHostsPredicate extends Message<'envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate'> {
}

export const PreviousHostsPredicateSchema: DescMessage<PreviousHostsPredicate> = message('envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate', () => ({
}))
