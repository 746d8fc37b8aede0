// Generated from google/rpc/status.proto by tools/protobuf/generate.mjs: do not edit.

import { type DescMessage, type Message, field, list, message } from '../../../protobuf/index.ts'
import { type Any, AnySchema } from '../protobuf/any_pb.ts'

export interface Status extends Message<'google.rpc.Status'> {
  code: number
  message: string
  details: Any[]
}

export const StatusSchema: DescMessage<Status> = message('google.rpc.Status', () => ({
  code: field(1, 'int32'),
  message: field(2, 'string'),
  details: list(3, AnySchema),
}))
