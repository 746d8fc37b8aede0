// Generated from envoy/type/matcher/v3/path.proto by tools/protobuf/generate.mjs: do not edit.

import { type DescMessage, type Message, field, message, oneof } from '../../../../../protobuf/index.ts'
import { type StringMatcher, StringMatcherSchema } from './string_pb.ts'

export interface PathMatcher extends Message<'envoy.type.matcher.v3.PathMatcher'> {
  rule: { case: 'path'; value: StringMatcher } | { case: undefined; value?: undefined }
}

export const PathMatcherSchema: DescMessage<PathMatcher> = message('envoy.type.matcher.v3.PathMatcher', () => ({
  rule: oneof({ path: field(1, StringMatcherSchema) }),
}))
