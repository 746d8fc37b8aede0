// Generated from envoy/config/cluster/v3/outlier_detection.proto by tools/protobuf/generate.mjs: do not edit.

import { type DescMessage, type Message, boxed, field, message } from '../../../../../protobuf/index.ts'
import { type Duration, DurationSchema } from '../../../../google/protobuf/duration_pb.ts'

export interface OutlierDetection extends Message<'envoy.config.cluster.v3.OutlierDetection'> {
  consecutive5xx?: number
  interval?: Duration
  baseEjectionTime?: Duration
  maxEjectionPercent?: number
  enforcingConsecutive5xx?: number
  enforcingSuccessRate?: number
  consecutiveGatewayFailure?: number
  enforcingConsecutiveGatewayFailure?: number
  splitExternalLocalOriginErrors: boolean
  consecutiveLocalOriginFailure?: number
  enforcingConsecutiveLocalOriginFailure?: number
  enforcingLocalOriginSuccessRate?: number
  enforcingFailurePercentage?: number
  enforcingFailurePercentageLocalOrigin?: number
  maxEjectionTime?: Duration
  alwaysEjectOneHost?: boolean
}

export const OutlierDetectionSchema: DescMessage<OutlierDetection> = message('envoy.config.cluster.v3.OutlierDetection', () => ({
  consecutive5xx: field(1, boxed('uint32'), 'consecutive_5xx'),
  interval: field(2, DurationSchema),
  baseEjectionTime: field(3, DurationSchema),
  maxEjectionPercent: field(4, boxed('uint32')),
  enforcingConsecutive5xx: field(5, boxed('uint32'), 'enforcing_consecutive_5xx'),
  enforcingSuccessRate: field(6, boxed('uint32')),
  consecutiveGatewayFailure: field(10, boxed('uint32')),
  enforcingConsecutiveGatewayFailure: field(11, boxed('uint32')),
  splitExternalLocalOriginErrors: field(12, 'bool'),
  consecutiveLocalOriginFailure: field(13, boxed('uint32')),
  enforcingConsecutiveLocalOriginFailure: field(14, boxed('uint32')),
  enforcingLocalOriginSuccessRate: field(15, boxed('uint32')),
  enforcingFailurePercentage: field(17, boxed('uint32')),
  enforcingFailurePercentageLocalOrigin: field(18, boxed('uint32')),
  maxEjectionTime: field(21, DurationSchema),
  alwaysEjectOneHost: field(25, boxed('bool')),
}))
