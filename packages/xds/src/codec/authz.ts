import type { JsonValue } from '@mesh/rpc/protobuf'
import type { AuthzFilter, AuthzPolicy, Permission, Principal } from '@mesh/core/view'
import {
  RBAC_Action,
  type Permission as PermissionMessage,
  type PermissionSchema,
  type Principal as PrincipalMessage,
  type PrincipalSchema,
  type RBAC,
  type RBACSchema,
} from '@mesh/rpc/gen/envoy/config/rbac/v3/rbac_pb'
import type { Init } from './init.ts'
import { decodeCidr, decodeHeaderMatch, decodeStringMatch, encodeCidr, encodeHeaderMatch, encodeStringMatch } from './match.ts'
import { asObject, encodeOrigin, originIn } from './metadata.ts'
import { refuse } from './refusal.ts'

/** Envoy's RBAC rules of one filter. Origins have no place in them: see `authzOrigins`. */
export function encodeAuthz(filter: AuthzFilter): Init<typeof RBACSchema> {
  return {
    action: RBAC_Action[filter.action],
    policies: Object.fromEntries(
      filter.policies.map((policy) => [
        policy.name,
        { permissions: policy.permissions.map(encodePermission), principals: policy.principals.map(encodePrincipal) },
      ]),
    ),
  }
}

/** Decodes one filter; `origins` is what `authzOrigins` wrote for it. */
export function decodeAuthz(rules: RBAC | undefined, origins: JsonValue | undefined): AuthzFilter {
  if (rules === undefined) refuse('an RBAC filter without rules')
  const byName = asObject(origins)
  return {
    action: decodeAction(rules.action),
    policies: Object.entries(rules.policies).map(([name, policy]): AuthzPolicy => {
      if (policy.permissions.length === 0 || policy.principals.length === 0) refuse(`policy ${name} lacks permissions or principals`)
      return {
        name,
        permissions: policy.permissions.map(decodePermission),
        principals: policy.principals.map(decodePrincipal),
        ...originIn(byName[name]),
      }
    }),
  }
}

/** Origins of policies by their name, one object per filter, for the metadata of the chain; undefined when there are none. */
export function authzOrigins(filters: readonly AuthzFilter[]): JsonValue | undefined {
  const origins = filters.map((filter) =>
    Object.fromEntries(
      filter.policies.flatMap((policy) => (policy.origin === undefined ? [] : [[policy.name, encodeOrigin(policy.origin)]])),
    ),
  )
  return origins.some((byName) => Object.keys(byName).length > 0) ? origins : undefined
}

function decodeAction(action: RBAC_Action): AuthzFilter['action'] {
  if (action === RBAC_Action.ALLOW) return 'ALLOW'
  if (action === RBAC_Action.DENY) return 'DENY'
  refuse(`RBAC action ${action}`)
}

function encodePermission(permission: Permission): Init<typeof PermissionSchema> {
  switch (permission.kind) {
    case 'any':
      return { rule: { case: 'any', value: true } }
    case 'and':
      return { rule: { case: 'andRules', value: { rules: permission.of.map(encodePermission) } } }
    case 'or':
      return { rule: { case: 'orRules', value: { rules: permission.of.map(encodePermission) } } }
    case 'not':
      return { rule: { case: 'notRule', value: encodePermission(permission.of) } }
    case 'header':
      return { rule: { case: 'header', value: encodeHeaderMatch(permission.header) } }
    case 'path':
      return { rule: { case: 'urlPath', value: { rule: { case: 'path', value: encodeStringMatch(permission.path) } } } }
    case 'destination-port':
      return { rule: { case: 'destinationPort', value: permission.port } }
    case 'destination-ip':
      return { rule: { case: 'destinationIp', value: encodeCidr(permission.cidr) } }
    case 'sni':
      return { rule: { case: 'requestedServerName', value: encodeStringMatch(permission.name) } }
  }
}

function decodePermission({ rule }: PermissionMessage): Permission {
  switch (rule.case) {
    case 'any':
      return rule.value ? { kind: 'any' } : refuse('permission any: false')
    case 'andRules':
      return { kind: 'and', of: rule.value.rules.map(decodePermission) }
    case 'orRules':
      return { kind: 'or', of: rule.value.rules.map(decodePermission) }
    case 'notRule':
      return { kind: 'not', of: decodePermission(rule.value) }
    case 'header':
      return { kind: 'header', header: decodeHeaderMatch(rule.value) }
    case 'urlPath':
      return { kind: 'path', path: decodeStringMatch(rule.value.rule.value) }
    case 'destinationPort':
      return { kind: 'destination-port', port: rule.value }
    case 'destinationIp':
      return { kind: 'destination-ip', cidr: decodeCidr(rule.value) }
    case 'requestedServerName':
      return { kind: 'sni', name: decodeStringMatch(rule.value) }
    default:
      return refuse('an RBAC permission without a rule')
  }
}

function encodePrincipal(principal: Principal): Init<typeof PrincipalSchema> {
  switch (principal.kind) {
    case 'any':
      return { identifier: { case: 'any', value: true } }
    case 'and':
      return { identifier: { case: 'andIds', value: { ids: principal.of.map(encodePrincipal) } } }
    case 'or':
      return { identifier: { case: 'orIds', value: { ids: principal.of.map(encodePrincipal) } } }
    case 'not':
      return { identifier: { case: 'notId', value: encodePrincipal(principal.of) } }
    case 'authenticated':
      return {
        identifier: { case: 'authenticated', value: principal.id === undefined ? {} : { principalName: encodeStringMatch(principal.id) } },
      }
    case 'direct-ip':
      return { identifier: { case: 'directRemoteIp', value: encodeCidr(principal.cidr) } }
    case 'remote-ip':
      return { identifier: { case: 'remoteIp', value: encodeCidr(principal.cidr) } }
    case 'header':
      return { identifier: { case: 'header', value: encodeHeaderMatch(principal.header) } }
  }
}

function decodePrincipal({ identifier }: PrincipalMessage): Principal {
  switch (identifier.case) {
    case 'any':
      return identifier.value ? { kind: 'any' } : refuse('principal any: false')
    case 'andIds':
      return { kind: 'and', of: identifier.value.ids.map(decodePrincipal) }
    case 'orIds':
      return { kind: 'or', of: identifier.value.ids.map(decodePrincipal) }
    case 'notId':
      return { kind: 'not', of: decodePrincipal(identifier.value) }
    case 'authenticated': {
      const name = identifier.value.principalName
      return name === undefined ? { kind: 'authenticated' } : { kind: 'authenticated', id: decodeStringMatch(name) }
    }
    case 'directRemoteIp':
      return { kind: 'direct-ip', cidr: decodeCidr(identifier.value) }
    case 'remoteIp':
      return { kind: 'remote-ip', cidr: decodeCidr(identifier.value) }
    case 'header':
      return { kind: 'header', header: decodeHeaderMatch(identifier.value) }
    default:
      return refuse('an RBAC principal without an identifier')
  }
}
