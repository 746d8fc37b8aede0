// Generated from envoy/config/core/v3/substitution_format_string.proto by tools/protobuf/generate.mjs: do not edit.

import { type DescMessage, type Message, field, message, oneof } from '../../../../../protobuf/index.ts'
import { type DataSource, DataSourceSchema } from './base_pb.ts'

export interface SubstitutionFormatString extends Message<'envoy.config.core.v3.SubstitutionFormatString'> {
  format: { case: 'textFormatSource'; value: DataSource } | { case: undefined; value?: undefined }
}

export const SubstitutionFormatStringSchema: DescMessage<SubstitutionFormatString> = message('envoy.config.core.v3.SubstitutionFormatString', () => ({
  format: oneof({ textFormatSource: field(5, DataSourceSchema) }),
}))
