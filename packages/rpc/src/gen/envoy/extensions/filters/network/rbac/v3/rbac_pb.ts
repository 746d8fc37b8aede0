// Generated from envoy/extensions/filters/network/rbac/v3/rbac.proto by tools/protobuf/generate.mjs: do not edit.

import { type DescMessage, type Message, field, message } from '../../../../../../../protobuf/index.ts'
import { type RBAC as OtherRBAC, RBACSchema as OtherRBACSchema } from '../../../../../config/rbac/v3/rbac_pb.ts'

export interface RBAC extends Message<'envoy.extensions.filters.network.rbac.v3.RBAC'> {
  rules?: OtherRBAC
  statPrefix: string
}

export const RBACSchema: DescMessage<RBAC> = message('envoy.extensions.filters.network.rbac.v3.RBAC', () => ({
  rules: field(1, OtherRBACSchema),
  statPrefix: field(3, 'string'),
}))
