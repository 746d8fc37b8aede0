// Generated from envoy/extensions/filters/http/fault/v3/fault.proto by tools/protobuf/generate.mjs: do not edit.

import { type DescMessage, type Message, field, message, oneof } from '../../../../../../../protobuf/index.ts'
import { type FractionalPercent, FractionalPercentSchema } from '../../../../../type/v3/percent_pb.ts'
import { type FaultDelay, FaultDelaySchema } from '../../../common/fault/v3/fault_pb.ts'

export interface FaultAbort extends Message<'envoy.extensions.filters.http.fault.v3.FaultAbort'> {
  errorType: { case: 'httpStatus'; value: number } | { case: undefined; value?: undefined }
  percentage?: FractionalPercent
}

export const FaultAbortSchema: DescMessage<FaultAbort> = message('envoy.extensions.filters.http.fault.v3.FaultAbort', () => ({
  errorType: oneof({ httpStatus: field(2, 'uint32') }),
  percentage: field(3, FractionalPercentSchema),
}))

export interface HTTPFault extends Message<'envoy.extensions.filters.http.fault.v3.HTTPFault'> {
  delay?: FaultDelay
  abort?: FaultAbort
}

export const HTTPFaultSchema: DescMessage<HTTPFault> = message('envoy.extensions.filters.http.fault.v3.HTTPFault', () => ({
  delay: field(1, FaultDelaySchema),
  abort: field(2, FaultAbortSchema),
}))
