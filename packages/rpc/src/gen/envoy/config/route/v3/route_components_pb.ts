// Generated from envoy/config/route/v3/route_components.proto by tools/protobuf/generate.mjs: do not edit.

import { type DescMessage, type Message, type UnknownEnum, boxed, enumeration, field, list, map, message, oneof } from '../../../../../protobuf/index.ts'
import { type Any, AnySchema } from '../../../../google/protobuf/any_pb.ts'
import { type Duration, DurationSchema } from '../../../../google/protobuf/duration_pb.ts'
import { type RegexMatchAndSubstitute, RegexMatchAndSubstituteSchema, type RegexMatcher, RegexMatcherSchema } from '../../../type/matcher/v3/regex_pb.ts'
import { type StringMatcher, StringMatcherSchema } from '../../../type/matcher/v3/string_pb.ts'
import { type DataSource, DataSourceSchema, type HeaderValueOption, HeaderValueOptionSchema, type Metadata, MetadataSchema } from '../../core/v3/base_pb.ts'

export const RedirectAction_RedirectResponseCode = {
  MOVED_PERMANENTLY: 0,
  FOUND: 1,
  SEE_OTHER: 2,
  TEMPORARY_REDIRECT: 3,
  PERMANENT_REDIRECT: 4,
} as const

export type RedirectAction_RedirectResponseCode = (typeof RedirectAction_RedirectResponseCode)[keyof typeof RedirectAction_RedirectResponseCode] | UnknownEnum

export interface VirtualHost extends Message<'envoy.config.route.v3.VirtualHost'> {
  name: string
  domains: string[]
  routes: Route[]
  metadata?: Metadata
}

export const VirtualHostSchema: DescMessage<VirtualHost> = message('envoy.config.route.v3.VirtualHost', () => ({
  name: field(1, 'string'),
  domains: list(2, 'string'),
  routes: list(3, RouteSchema),
  metadata: field(24, MetadataSchema),
}))

export interface Route extends Message<'envoy.config.route.v3.Route'> {
  name: string
  match?: RouteMatch
  action: { case: 'route'; value: RouteAction } | { case: 'redirect'; value: RedirectAction } | { case: 'directResponse'; value: DirectResponseAction } | { case: undefined; value?: undefined }
  metadata?: Metadata
  typedPerFilterConfig: { [key: string]: Any }
  requestHeadersToAdd: HeaderValueOption[]
  requestHeadersToRemove: string[]
  responseHeadersToAdd: HeaderValueOption[]
  responseHeadersToRemove: string[]
}

export const RouteSchema: DescMessage<Route> = message('envoy.config.route.v3.Route', () => ({
  name: field(14, 'string'),
  match: field(1, RouteMatchSchema),
  action: oneof({ route: field(2, RouteActionSchema), redirect: field(3, RedirectActionSchema), directResponse: field(7, DirectResponseActionSchema) }),
  metadata: field(4, MetadataSchema),
  typedPerFilterConfig: map(13, AnySchema),
  requestHeadersToAdd: list(9, HeaderValueOptionSchema),
  requestHeadersToRemove: list(12, 'string'),
  responseHeadersToAdd: list(10, HeaderValueOptionSchema),
  responseHeadersToRemove: list(11, 'string'),
}))

export interface WeightedCluster extends Message<'envoy.config.route.v3.WeightedCluster'> {
  clusters: WeightedCluster_ClusterWeight[]
}

export const WeightedClusterSchema: DescMessage<WeightedCluster> = message('envoy.config.route.v3.WeightedCluster', () => ({
  clusters: list(1, WeightedCluster_ClusterWeightSchema),
}))

export interface WeightedCluster_ClusterWeight extends Message<'envoy.config.route.v3.WeightedCluster.ClusterWeight'> {
  name: string
  weight?: number
  requestHeadersToAdd: HeaderValueOption[]
  requestHeadersToRemove: string[]
  responseHeadersToAdd: HeaderValueOption[]
  responseHeadersToRemove: string[]
}

export const WeightedCluster_ClusterWeightSchema: DescMessage<WeightedCluster_ClusterWeight> = message('envoy.config.route.v3.WeightedCluster.ClusterWeight', () => ({
  name: field(1, 'string'),
  weight: field(2, boxed('uint32')),
  requestHeadersToAdd: list(4, HeaderValueOptionSchema),
  requestHeadersToRemove: list(9, 'string'),
  responseHeadersToAdd: list(5, HeaderValueOptionSchema),
  responseHeadersToRemove: list(6, 'string'),
}))

export interface RouteMatch extends Message<'envoy.config.route.v3.RouteMatch'> {
  pathSpecifier: { case: 'prefix'; value: string } | { case: 'path'; value: string } | { case: 'safeRegex'; value: RegexMatcher } | { case: undefined; value?: undefined }
  caseSensitive?: boolean
  headers: HeaderMatcher[]
  queryParameters: QueryParameterMatcher[]
}

export const RouteMatchSchema: DescMessage<RouteMatch> = message('envoy.config.route.v3.RouteMatch', () => ({
  pathSpecifier: oneof({ prefix: field(1, 'string'), path: field(2, 'string'), safeRegex: field(10, RegexMatcherSchema) }),
  caseSensitive: field(4, boxed('bool')),
  headers: list(6, HeaderMatcherSchema),
  queryParameters: list(7, QueryParameterMatcherSchema),
}))

export interface RouteAction extends Message<'envoy.config.route.v3.RouteAction'> {
  clusterSpecifier: { case: 'cluster'; value: string } | { case: 'weightedClusters'; value: WeightedCluster } | { case: undefined; value?: undefined }
  prefixRewrite: string
  regexRewrite?: RegexMatchAndSubstitute
  hostRewriteSpecifier: { case: 'hostRewriteLiteral'; value: string } | { case: undefined; value?: undefined }
  timeout?: Duration
  retryPolicy?: RetryPolicy
}

export const RouteActionSchema: DescMessage<RouteAction> = message('envoy.config.route.v3.RouteAction', () => ({
  clusterSpecifier: oneof({ cluster: field(1, 'string'), weightedClusters: field(3, WeightedClusterSchema) }),
  prefixRewrite: field(5, 'string'),
  regexRewrite: field(32, RegexMatchAndSubstituteSchema),
  hostRewriteSpecifier: oneof({ hostRewriteLiteral: field(6, 'string') }),
  timeout: field(8, DurationSchema),
  retryPolicy: field(9, RetryPolicySchema),
}))

export interface RetryPolicy extends Message<'envoy.config.route.v3.RetryPolicy'> {
  retryOn: string
  numRetries?: number
  perTryTimeout?: Duration
  retryHostPredicate: RetryPolicy_RetryHostPredicate[]
  hostSelectionRetryMaxAttempts: bigint
  retriableStatusCodes: number[]
  retryBackOff?: RetryPolicy_RetryBackOff
}

export const RetryPolicySchema: DescMessage<RetryPolicy> = message('envoy.config.route.v3.RetryPolicy', () => ({
  retryOn: field(1, 'string'),
  numRetries: field(2, boxed('uint32')),
  perTryTimeout: field(3, DurationSchema),
  retryHostPredicate: list(5, RetryPolicy_RetryHostPredicateSchema),
  hostSelectionRetryMaxAttempts: field(6, 'int64'),
  retriableStatusCodes: list(7, 'uint32'),
  retryBackOff: field(8, RetryPolicy_RetryBackOffSchema),
}))

export interface RetryPolicy_RetryHostPredicate extends Message<'envoy.config.route.v3.RetryPolicy.RetryHostPredicate'> {
  name: string
  configType: { case: 'typedConfig'; value: Any } | { case: undefined; value?: undefined }
}

export const RetryPolicy_RetryHostPredicateSchema: DescMessage<RetryPolicy_RetryHostPredicate> = message('envoy.config.route.v3.RetryPolicy.RetryHostPredicate', () => ({
  name: field(1, 'string'),
  configType: oneof({ typedConfig: field(3, AnySchema) }),
}))

export interface RetryPolicy_RetryBackOff extends Message<'envoy.config.route.v3.RetryPolicy.RetryBackOff'> {
  baseInterval?: Duration
  maxInterval?: Duration
}

export const RetryPolicy_RetryBackOffSchema: DescMessage<RetryPolicy_RetryBackOff> = message('envoy.config.route.v3.RetryPolicy.RetryBackOff', () => ({
  baseInterval: field(1, DurationSchema),
  maxInterval: field(2, DurationSchema),
}))

export interface RedirectAction extends Message<'envoy.config.route.v3.RedirectAction'> {
  schemeRewriteSpecifier: { case: 'httpsRedirect'; value: boolean } | { case: 'schemeRedirect'; value: string } | { case: undefined; value?: undefined }
  hostRedirect: string
  portRedirect: number
  pathRewriteSpecifier: { case: 'pathRedirect'; value: string } | { case: undefined; value?: undefined }
  responseCode: RedirectAction_RedirectResponseCode
}

export const RedirectActionSchema: DescMessage<RedirectAction> = message('envoy.config.route.v3.RedirectAction', () => ({
  schemeRewriteSpecifier: oneof({ httpsRedirect: field(4, 'bool'), schemeRedirect: field(7, 'string') }),
  hostRedirect: field(1, 'string'),
  portRedirect: field(8, 'uint32'),
  pathRewriteSpecifier: oneof({ pathRedirect: field(2, 'string') }),
  responseCode: field(3, enumeration(RedirectAction_RedirectResponseCode)),
}))

export interface DirectResponseAction extends Message<'envoy.config.route.v3.DirectResponseAction'> {
  status: number
  body?: DataSource
}

export const DirectResponseActionSchema: DescMessage<DirectResponseAction> = message('envoy.config.route.v3.DirectResponseAction', () => ({
  status: field(1, 'uint32'),
  body: field(2, DataSourceSchema),
}))

export interface HeaderMatcher extends Message<'envoy.config.route.v3.HeaderMatcher'> {
  name: string
  headerMatchSpecifier: { case: 'presentMatch'; value: boolean } | { case: 'stringMatch'; value: StringMatcher } | { case: undefined; value?: undefined }
  invertMatch: boolean
  treatMissingHeaderAsEmpty: boolean
}

export const HeaderMatcherSchema: DescMessage<HeaderMatcher> = message('envoy.config.route.v3.HeaderMatcher', () => ({
  name: field(1, 'string'),
  headerMatchSpecifier: oneof({ presentMatch: field(7, 'bool'), stringMatch: field(13, StringMatcherSchema) }),
  invertMatch: field(8, 'bool'),
  treatMissingHeaderAsEmpty: field(14, 'bool'),
}))

export interface QueryParameterMatcher extends Message<'envoy.config.route.v3.QueryParameterMatcher'> {
  name: string
  queryParameterMatchSpecifier: { case: 'stringMatch'; value: StringMatcher } | { case: 'presentMatch'; value: boolean } | { case: undefined; value?: undefined }
}

export const QueryParameterMatcherSchema: DescMessage<QueryParameterMatcher> = message('envoy.config.route.v3.QueryParameterMatcher', () => ({
  name: field(1, 'string'),
  queryParameterMatchSpecifier: oneof({ stringMatch: field(5, StringMatcherSchema), presentMatch: field(6, 'bool') }),
}))
