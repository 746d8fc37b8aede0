// Generated from google/protobuf/duration.proto by tools/protobuf/generate.mjs: do not edit.

import { type DescMessage, type Message, field, message } from '../../../protobuf/index.ts'

export interface Duration extends Message<'google.protobuf.Duration'> {
  seconds: bigint
  nanos: number
}

export const DurationSchema: DescMessage<Duration> = message('google.protobuf.Duration', () => ({
  seconds: field(1, 'int64'),
  nanos: field(2, 'int32'),
}))
