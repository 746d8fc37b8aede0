import type { AuthorizationCondition } from '../../config/kinds/authorization-policy.ts'
import type { Permission, Principal } from '../../view/authz.ts'
import { byHeader, type Clause } from './clause.ts'
import { byNamespace, byPrincipal, byServiceAccount, byTrustDomain, type Identities } from './identities.ts'
import { byDestinationIp, byPort, bySni } from './permissions.ts'
import { byAddress } from './principals.ts'
import { valuePattern } from './values.ts'

/** What a condition of a rule (`when`) asks of the operation or of the caller. */
export interface ConditionClauses {
  readonly permissions: readonly Clause<Permission>[]
  readonly principals: readonly Clause<Principal>[]
}

export function conditionClauses(identities: Identities, conditions: readonly AuthorizationCondition[]): ConditionClauses {
  const permissions: Clause<Permission>[] = []
  const principals: Clause<Principal>[] = []
  for (const condition of conditions) {
    const { values, notValues } = condition
    const operation = operationTest(condition.key)
    if (operation !== undefined) permissions.push({ knownTo: 'all', values, notValues, test: (value) => [operation(value)] })
    else principals.push({ ...callerTest(identities, condition.key), values, notValues })
  }
  return { permissions, principals }
}

function operationTest(key: string): ((value: string) => Permission) | undefined {
  if (key === 'destination.port') return byPort
  if (key === 'destination.ip') return byDestinationIp
  return key === 'connection.sni' ? bySni : undefined
}

/** Verified tokens and the metadata of filters are known to none: an ALLOW rule that needs them never matches. */
function callerTest(identities: Identities, key: string): Pick<Clause<Principal>, 'knownTo' | 'test'> {
  const header = /^request\.headers\[(.+)\]$/.exec(key)?.[1]?.toLowerCase()
  if (header !== undefined) return { knownTo: 'http', test: (value) => [byHeader(header, valuePattern(value))] }
  const test = CALLER_TESTS[key]?.(identities)
  return test === undefined ? { knownTo: 'none', test: () => [] } : { knownTo: 'all', test }
}

const CALLER_TESTS: Readonly<Record<string, (identities: Identities) => (value: string) => readonly Principal[]>> = {
  'source.ip': () => (value) => [byAddress('direct-ip', value)],
  'remote.ip': () => (value) => [byAddress('remote-ip', value)],
  'source.namespace': () => (value) => [byNamespace(value)],
  'source.principal': (identities) => (value) => byPrincipal(identities, value),
  'source.serviceAccount': (identities) => (value) => [byServiceAccount(identities, value)],
  'source.trustDomain': () => (value) => [byTrustDomain(value)],
}
