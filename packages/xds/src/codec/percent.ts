import type { Init } from './init.ts'
import {
  FractionalPercent_DenominatorType,
  type FractionalPercent,
  type FractionalPercentSchema,
} from '@mesh/rpc/gen/envoy/type/v3/percent_pb'
import { refuse } from './refusal.ts'

const { HUNDRED, TEN_THOUSAND, MILLION } = FractionalPercent_DenominatorType

export function encodePartsPerMillion(parts: number): Init<typeof FractionalPercentSchema> {
  return { numerator: parts, denominator: MILLION }
}

/** An absent percentage is Envoy's 0. */
export function decodePartsPerMillion(percent: FractionalPercent | undefined): number {
  if (percent === undefined) return 0
  const scale = { [HUNDRED]: 10_000, [TEN_THOUSAND]: 100, [MILLION]: 1 }[percent.denominator as number]
  return scale === undefined ? refuse(`denominator ${percent.denominator}`) : percent.numerator * scale
}
