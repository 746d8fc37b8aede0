// Generated from envoy/extensions/filters/common/fault/v3/fault.proto by tools/protobuf/generate.mjs: do not edit.

import { type DescMessage, type Message, field, message, oneof } from '../../../../../../../protobuf/index.ts'
import { type Duration, DurationSchema } from '../../../../../../google/protobuf/duration_pb.ts'
import { type FractionalPercent, FractionalPercentSchema } from '../../../../../type/v3/percent_pb.ts'

export interface FaultDelay extends Message<'envoy.extensions.filters.common.fault.v3.FaultDelay'> {
  faultDelaySecifier: { case: 'fixedDelay'; value: Duration } | { case: undefined; value?: undefined }
  percentage?: FractionalPercent
}

export const FaultDelaySchema: DescMessage<FaultDelay> = message('envoy.extensions.filters.common.fault.v3.FaultDelay', () => ({
  faultDelaySecifier: oneof({ fixedDelay: field(3, DurationSchema) }),
  percentage: field(4, FractionalPercentSchema),
}))
