// Generated from envoy/type/matcher/v3/string.proto by tools/protobuf/generate.mjs: do not edit.

import { type DescMessage, type Message, field, message, oneof } from '../../../../../protobuf/index.ts'
import { type RegexMatcher, RegexMatcherSchema } from './regex_pb.ts'

export interface StringMatcher extends Message<'envoy.type.matcher.v3.StringMatcher'> {
  matchPattern: { case: 'exact'; value: string } | { case: 'prefix'; value: string } | { case: 'suffix'; value: string } | { case: 'safeRegex'; value: RegexMatcher } | { case: 'contains'; value: string } | { case: undefined; value?: undefined }
  ignoreCase: boolean
}

export const StringMatcherSchema: DescMessage<StringMatcher> = message('envoy.type.matcher.v3.StringMatcher', () => ({
  matchPattern: oneof({ exact: field(1, 'string'), prefix: field(2, 'string'), suffix: field(3, 'string'), safeRegex: field(5, RegexMatcherSchema), contains: field(7, 'string') }),
  ignoreCase: field(6, 'bool'),
}))
