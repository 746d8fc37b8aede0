import { create } from '@mesh/rpc/protobuf'
import { DurationSchema, type Duration } from '@mesh/rpc/gen/google/protobuf/duration_pb'

export function encodeMs(ms: number): Duration {
  const seconds = Math.floor(ms / 1000)
  return create(DurationSchema, { seconds: BigInt(seconds), nanos: Math.round((ms - seconds * 1000) * 1e6) })
}

export function decodeMs(duration: Duration): number {
  return Number(duration.seconds) * 1000 + duration.nanos / 1e6
}
