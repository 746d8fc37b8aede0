import type { Permission } from '../../view/authz.ts'
import type { AuthorizationOperation } from '../../config/kinds/authorization-policy.ts'
import { parseCidr } from '../address.ts'
import { byHeader, type Clause, type KnownTo } from './clause.ts'
import { caselessPattern, quote, valuePattern } from './values.ts'

type PermissionClause = Clause<Permission>

/** What an operation of a rule asks for; parts that only HTTP has are marked. */
export function operationClauses(operation: AuthorizationOperation): readonly PermissionClause[] {
  return [
    clause('http', operation.hosts, operation.notHosts, (value) => byHeader(':authority', caselessPattern(value))),
    clause('all', operation.ports, operation.notPorts, byPort),
    clause('http', operation.methods, operation.notMethods, (value) => byHeader(':method', valuePattern(value))),
    clause('http', operation.paths, operation.notPaths, byPath),
  ]
}

export function byPort(value: string): Permission {
  return { kind: 'destination-port', port: Number(value) }
}

export function byDestinationIp(value: string): Permission {
  const cidr = parseCidr(value)
  return cidr === undefined ? { kind: 'not', of: { kind: 'any' } } : { kind: 'destination-ip', cidr }
}

export function bySni(value: string): Permission {
  const name = valuePattern(value)
  return { kind: 'sni', name: name.kind === 'present' ? { kind: 'regex', value: '.+' } : name }
}

/** A path, a pattern, or a template: `{*}` is one segment, `{**}` at the end any number of them. */
function byPath(value: string): Permission {
  if (value.includes('{*}') || value.includes('{**}')) return { kind: 'path', path: { kind: 'regex', value: templateExpression(value) } }
  const pattern = valuePattern(value)
  return { kind: 'path', path: pattern.kind === 'present' ? { kind: 'prefix', value: '' } : pattern }
}

function templateExpression(template: string): string {
  return template
    .split('/')
    .map((segment) => (segment === '{*}' ? '[^/]+' : segment === '{**}' ? '.*' : quote(segment)))
    .join('/')
}

function clause(
  knownTo: KnownTo,
  values: readonly string[] | undefined,
  notValues: readonly string[] | undefined,
  test: (value: string) => Permission,
): PermissionClause {
  return { knownTo, values, notValues, test: (value) => [test(value)] }
}
