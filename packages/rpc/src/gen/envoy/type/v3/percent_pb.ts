// Generated from envoy/type/v3/percent.proto by tools/protobuf/generate.mjs: do not edit.

import { type DescMessage, type Message, type UnknownEnum, enumeration, field, message } from '../../../../protobuf/index.ts'

export const FractionalPercent_DenominatorType = {
  HUNDRED: 0,
  TEN_THOUSAND: 1,
  MILLION: 2,
} as const

export type FractionalPercent_DenominatorType = (typeof FractionalPercent_DenominatorType)[keyof typeof FractionalPercent_DenominatorType] | UnknownEnum

export interface Percent extends Message<'envoy.type.v3.Percent'> {
  value: number
}

export const PercentSchema: DescMessage<Percent> = message('envoy.type.v3.Percent', () => ({
  value: field(1, 'double'),
}))

export interface FractionalPercent extends Message<'envoy.type.v3.FractionalPercent'> {
  numerator: number
  denominator: FractionalPercent_DenominatorType
}

export const FractionalPercentSchema: DescMessage<FractionalPercent> = message('envoy.type.v3.FractionalPercent', () => ({
  numerator: field(1, 'uint32'),
  denominator: field(2, enumeration(FractionalPercent_DenominatorType)),
}))
