// Generated from envoy/extensions/access_loggers/file/v3/file.proto by tools/protobuf/generate.mjs: do not edit.

import { type DescMessage, type Message, field, message, oneof } from '../../../../../../protobuf/index.ts'
import { type SubstitutionFormatString, SubstitutionFormatStringSchema } from '../../../../config/core/v3/substitution_format_string_pb.ts'

export interface FileAccessLog extends Message<'envoy.extensions.access_loggers.file.v3.FileAccessLog'> {
  path: string
  accessLogFormat: { case: 'logFormat'; value: SubstitutionFormatString } | { case: undefined; value?: undefined }
}

export const FileAccessLogSchema: DescMessage<FileAccessLog> = message('envoy.extensions.access_loggers.file.v3.FileAccessLog', () => ({
  path: field(1, 'string'),
  accessLogFormat: oneof({ logFormat: field(5, SubstitutionFormatStringSchema) }),
}))
