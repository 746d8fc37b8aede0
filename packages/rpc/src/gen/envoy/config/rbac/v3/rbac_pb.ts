// Generated from envoy/config/rbac/v3/rbac.proto by tools/protobuf/generate.mjs: do not edit.

import { type DescMessage, type Message, type UnknownEnum, enumeration, field, list, map, message, oneof } from '../../../../../protobuf/index.ts'
import { type PathMatcher, PathMatcherSchema } from '../../../type/matcher/v3/path_pb.ts'
import { type StringMatcher, StringMatcherSchema } from '../../../type/matcher/v3/string_pb.ts'
import { type CidrRange, CidrRangeSchema } from '../../core/v3/address_pb.ts'
import { type HeaderMatcher, HeaderMatcherSchema } from '../../route/v3/route_components_pb.ts'

export const RBAC_Action = {
  ALLOW: 0,
  DENY: 1,
  LOG: 2,
} as const

export type RBAC_Action = (typeof RBAC_Action)[keyof typeof RBAC_Action] | UnknownEnum

export interface RBAC extends Message<'envoy.config.rbac.v3.RBAC'> {
  action: RBAC_Action
  policies: { [key: string]: Policy }
}

export const RBACSchema: DescMessage<RBAC> = message('envoy.config.rbac.v3.RBAC', () => ({
  action: field(1, enumeration(RBAC_Action)),
  policies: map(2, PolicySchema),
}))

export interface Policy extends Message<'envoy.config.rbac.v3.Policy'> {
  permissions: Permission[]
  principals: Principal[]
}

export const PolicySchema: DescMessage<Policy> = message('envoy.config.rbac.v3.Policy', () => ({
  permissions: list(1, PermissionSchema),
  principals: list(2, PrincipalSchema),
}))

export interface Permission extends Message<'envoy.config.rbac.v3.Permission'> {
  rule: { case: 'andRules'; value: Permission_Set } | { case: 'orRules'; value: Permission_Set } | { case: 'any'; value: boolean } | { case: 'header'; value: HeaderMatcher } | { case: 'urlPath'; value: PathMatcher } | { case: 'destinationIp'; value: CidrRange } | { case: 'destinationPort'; value: number } | { case: 'notRule'; value: Permission } | { case: 'requestedServerName'; value: StringMatcher } | { case: undefined; value?: undefined }
}

export const PermissionSchema: DescMessage<Permission> = message('envoy.config.rbac.v3.Permission', () => ({
  rule: oneof({ andRules: field(1, Permission_SetSchema), orRules: field(2, Permission_SetSchema), any: field(3, 'bool'), header: field(4, HeaderMatcherSchema), urlPath: field(10, PathMatcherSchema), destinationIp: field(5, CidrRangeSchema), destinationPort: field(6, 'uint32'), notRule: field(8, PermissionSchema), requestedServerName: field(9, StringMatcherSchema) }),
}))

export interface Permission_Set extends Message<'envoy.config.rbac.v3.Permission.Set'> {
  rules: Permission[]
}

export const Permission_SetSchema: DescMessage<Permission_Set> = message('envoy.config.rbac.v3.Permission.Set', () => ({
  rules: list(1, PermissionSchema),
}))

export interface Principal extends Message<'envoy.config.rbac.v3.Principal'> {
  identifier: { case: 'andIds'; value: Principal_Set } | { case: 'orIds'; value: Principal_Set } | { case: 'any'; value: boolean } | { case: 'authenticated'; value: Principal_Authenticated } | { case: 'directRemoteIp'; value: CidrRange } | { case: 'remoteIp'; value: CidrRange } | { case: 'header'; value: HeaderMatcher } | { case: 'notId'; value: Principal } | { case: undefined; value?: undefined }
}

export const PrincipalSchema: DescMessage<Principal> = message('envoy.config.rbac.v3.Principal', () => ({
  identifier: oneof({ andIds: field(1, Principal_SetSchema), orIds: field(2, Principal_SetSchema), any: field(3, 'bool'), authenticated: field(4, Principal_AuthenticatedSchema), directRemoteIp: field(10, CidrRangeSchema), remoteIp: field(11, CidrRangeSchema), header: field(6, HeaderMatcherSchema), notId: field(8, PrincipalSchema) }),
}))

export interface Principal_Set extends Message<'envoy.config.rbac.v3.Principal.Set'> {
  ids: Principal[]
}

export const Principal_SetSchema: DescMessage<Principal_Set> = message('envoy.config.rbac.v3.Principal.Set', () => ({
  ids: list(1, PrincipalSchema),
}))

export interface Principal_Authenticated extends Message<'envoy.config.rbac.v3.Principal.Authenticated'> {
  principalName?: StringMatcher
}

export const Principal_AuthenticatedSchema: DescMessage<Principal_Authenticated> = message('envoy.config.rbac.v3.Principal.Authenticated', () => ({
  principalName: field(2, StringMatcherSchema),
}))
