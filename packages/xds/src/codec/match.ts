import type { Init } from './init.ts'
import type { Cidr, HeaderMatch, QueryMatch, StringMatch } from '@mesh/core/view'
import type { CidrRange, CidrRangeSchema } from '@mesh/rpc/gen/envoy/config/core/v3/address_pb'
import type {
  HeaderMatcher,
  HeaderMatcherSchema,
  QueryParameterMatcher,
  QueryParameterMatcherSchema,
} from '@mesh/rpc/gen/envoy/config/route/v3/route_components_pb'
import type { StringMatcher, StringMatcherSchema } from '@mesh/rpc/gen/envoy/type/matcher/v3/string_pb'
import { refuse } from './refusal.ts'

export function encodeStringMatch(match: StringMatch): Init<typeof StringMatcherSchema> {
  if (match.kind === 'regex') return { matchPattern: { case: 'safeRegex', value: { regex: match.value } } }
  return { matchPattern: { case: match.kind, value: match.value }, ignoreCase: match.ignoreCase === true }
}

export function decodeStringMatch(matcher: StringMatcher | undefined): StringMatch {
  const pattern = matcher?.matchPattern
  if (matcher === undefined || pattern?.case === undefined) refuse('a string match without a pattern')
  if (pattern.case === 'safeRegex') return { kind: 'regex', value: pattern.value.regex }
  return { kind: pattern.case, value: pattern.value, ...(matcher.ignoreCase ? { ignoreCase: true } : {}) }
}

export function encodeHeaderMatch(match: HeaderMatch): Init<typeof HeaderMatcherSchema> {
  return {
    name: match.name,
    headerMatchSpecifier: encodeValue(match.value),
    invertMatch: match.invert === true,
    treatMissingHeaderAsEmpty: match.absentIsEmpty === true,
  }
}

export function decodeHeaderMatch(matcher: HeaderMatcher): HeaderMatch {
  return {
    name: matcher.name,
    value: decodeValue(matcher.headerMatchSpecifier, matcher.name),
    ...(matcher.invertMatch ? { invert: true } : {}),
    ...(matcher.treatMissingHeaderAsEmpty ? { absentIsEmpty: true } : {}),
  }
}

export function encodeQueryMatch(match: QueryMatch): Init<typeof QueryParameterMatcherSchema> {
  return { name: match.name, queryParameterMatchSpecifier: encodeValue(match.value) }
}

export function decodeQueryMatch(matcher: QueryParameterMatcher): QueryMatch {
  return { name: matcher.name, value: decodeValue(matcher.queryParameterMatchSpecifier, matcher.name) }
}

export function encodeCidr(cidr: Cidr): Init<typeof CidrRangeSchema> {
  return { addressPrefix: cidr.address, prefixLen: cidr.prefix }
}

export function decodeCidr(range: CidrRange): Cidr {
  return { address: range.addressPrefix, prefix: range.prefixLen ?? 0 }
}

function encodeValue(value: HeaderMatch['value']) {
  return value.kind === 'present'
    ? ({ case: 'presentMatch', value: true } as const)
    : ({ case: 'stringMatch', value: encodeStringMatch(value) } as const)
}

function decodeValue(specifier: HeaderMatcher['headerMatchSpecifier'], name: string): HeaderMatch['value'] {
  if (specifier.case === 'stringMatch') return decodeStringMatch(specifier.value)
  if (specifier.case === 'presentMatch' && specifier.value) return { kind: 'present' }
  refuse(`the match on ${name} is neither a string match nor a present match`)
}
