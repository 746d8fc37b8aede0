// Generated from google/protobuf/any.proto by tools/protobuf/generate.mjs: do not edit.

import { type DescMessage, type Message, field, message } from '../../../protobuf/index.ts'

export interface Any extends Message<'google.protobuf.Any'> {
  typeUrl: string
  value: Uint8Array
}

export const AnySchema: DescMessage<Any> = message('google.protobuf.Any', () => ({
  typeUrl: field(1, 'string'),
  value: field(2, 'bytes'),
}))
