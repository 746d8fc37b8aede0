import type { Any } from '@mesh/rpc/gen/google/protobuf/any_pb'
import type { JsonObject, JsonValue } from '@mesh/rpc/protobuf'
import type { Fault } from '@mesh/core/view'
import { HTTPFaultSchema, type FaultAbort } from '@mesh/rpc/gen/envoy/extensions/filters/http/fault/v3/fault_pb'
import type { FaultDelay } from '@mesh/rpc/gen/envoy/extensions/filters/common/fault/v3/fault_pb'
import { pack, unpack } from './any.ts'
import { decodeMs, encodeMs } from './duration.ts'
import { asObject, encodeOrigin, originIn } from './metadata.ts'
import { decodePartsPerMillion, encodePartsPerMillion } from './percent.ts'
import { refuse } from './refusal.ts'

export const FAULT_FILTER = 'envoy.filters.http.fault'

export function encodeFault({ delay, abort }: Fault): Any {
  return pack(HTTPFaultSchema, {
    ...(delay === undefined
      ? {}
      : {
          delay: {
            faultDelaySecifier: { case: 'fixedDelay', value: encodeMs(delay.ms) },
            percentage: encodePartsPerMillion(delay.partsPerMillion),
          },
        }),
    ...(abort === undefined
      ? {}
      : { abort: { errorType: { case: 'httpStatus', value: abort.status }, percentage: encodePartsPerMillion(abort.partsPerMillion) } }),
  })
}

/** Decodes a route's fault; `origins` is what `faultOrigins` wrote. */
export function decodeFault(any: Any, origins: JsonValue | undefined): Fault {
  const fault = unpack(HTTPFaultSchema, any)
  const { delay, abort } = asObject(origins)
  return {
    ...(fault.delay === undefined ? {} : { delay: { ...decodeDelay(fault.delay), ...originIn(delay) } }),
    ...(fault.abort === undefined ? {} : { abort: { ...decodeAbort(fault.abort), ...originIn(abort) } }),
  }
}

export function faultOrigins(fault: Fault | undefined): JsonObject {
  return {
    ...(fault?.delay?.origin === undefined ? {} : { delay: encodeOrigin(fault.delay.origin) }),
    ...(fault?.abort?.origin === undefined ? {} : { abort: encodeOrigin(fault.abort.origin) }),
  }
}

function decodeDelay(delay: FaultDelay): NonNullable<Fault['delay']> {
  const specifier = delay.faultDelaySecifier
  if (specifier.case === undefined) refuse('a fault delay without a fixed delay')
  return { ms: decodeMs(specifier.value), partsPerMillion: decodePartsPerMillion(delay.percentage) }
}

function decodeAbort(abort: FaultAbort): NonNullable<Fault['abort']> {
  if (abort.errorType.case === undefined) refuse('a fault abort without an HTTP status')
  return { status: abort.errorType.value, partsPerMillion: decodePartsPerMillion(abort.percentage) }
}
