import { create } from '@bufbuild/protobuf'
import { DurationSchema, type Duration } from '@bufbuild/protobuf/wkt'

export function encodeMs(ms: number): Duration {
  const seconds = Math.floor(ms / 1000)
  return create(DurationSchema, { seconds: BigInt(seconds), nanos: Math.round((ms - seconds * 1000) * 1e6) })
}

export function decodeMs(duration: Duration): number {
  return Number(duration.seconds) * 1000 + duration.nanos / 1e6
}
