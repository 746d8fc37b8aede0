import type { AuthorizationSource } from '../../config/kinds/authorization-policy.ts'
import type { Principal } from '../../view/authz.ts'
import { parseCidr } from '../address.ts'
import type { Clause, KnownTo } from './clause.ts'
import { byNamespace, byPrincipal, byServiceAccount, byTrustDomain, type Identities } from './identities.ts'

type PrincipalClause = Clause<Principal>

/** Whom a source of a rule means. */
export function sourceClauses(identities: Identities, source: AuthorizationSource): readonly PrincipalClause[] {
  const clause = (
    field: keyof AuthorizationSource,
    not: keyof AuthorizationSource,
    test: PrincipalClause['test'],
    knownTo: KnownTo = 'all',
  ): PrincipalClause => ({
    knownTo,
    values: source[field],
    notValues: source[not],
    test,
  })
  return [
    clause('principals', 'notPrincipals', (value) => byPrincipal(identities, value)),
    clause('requestPrincipals', 'notRequestPrincipals', () => [], 'none'),
    clause('namespaces', 'notNamespaces', (value) => [byNamespace(value)]),
    clause('serviceAccounts', 'notServiceAccounts', (value) => [byServiceAccount(identities, value)]),
    clause('ipBlocks', 'notIpBlocks', (value) => [byAddress('direct-ip', value)]),
    clause('remoteIpBlocks', 'notRemoteIpBlocks', (value) => [byAddress('remote-ip', value)]),
    clause('trustDomains', 'notTrustDomains', (value) => [byTrustDomain(value)]),
  ]
}

const NOBODY: Principal = { kind: 'not', of: { kind: 'any' } }

export function byAddress(kind: 'direct-ip' | 'remote-ip', value: string): Principal {
  const cidr = parseCidr(value)
  return cidr === undefined ? NOBODY : { kind, cidr }
}
