// Generated from envoy/type/matcher/v3/regex.proto by tools/protobuf/generate.mjs: do not edit.

import { type DescMessage, type Message, field, message } from '../../../../../protobuf/index.ts'

export interface RegexMatcher extends Message<'envoy.type.matcher.v3.RegexMatcher'> {
  regex: string
}

export const RegexMatcherSchema: DescMessage<RegexMatcher> = message('envoy.type.matcher.v3.RegexMatcher', () => ({
  regex: field(2, 'string'),
}))

export interface RegexMatchAndSubstitute extends Message<'envoy.type.matcher.v3.RegexMatchAndSubstitute'> {
  pattern?: RegexMatcher
  substitution: string
}

export const RegexMatchAndSubstituteSchema: DescMessage<RegexMatchAndSubstitute> = message('envoy.type.matcher.v3.RegexMatchAndSubstitute', () => ({
  pattern: field(1, RegexMatcherSchema),
  substitution: field(2, 'string'),
}))
