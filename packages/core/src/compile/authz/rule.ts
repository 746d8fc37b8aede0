import type { AuthorizationRule } from '../../config/kinds/authorization-policy.ts'
import type { Permission, Principal } from '../../view/authz.ts'
import { allOf, testsOf, type Clause, type ClauseScope } from './clause.ts'
import { conditionClauses } from './conditions.ts'
import type { Identities } from './identities.ts'
import { operationClauses } from './permissions.ts'
import { sourceClauses } from './principals.ts'

/** A rule as Envoy's RBAC has it: any of the permissions, and any of the principals. */
export interface RuleTests {
  readonly permissions: readonly Permission[]
  readonly principals: readonly Principal[]
}

/** The tests of a rule (Istio `Rule`) on one kind of connection; undefined when it can never match there. */
export function ruleTests(identities: Identities, rule: AuthorizationRule, scope: ClauseScope): RuleTests | undefined {
  const when = conditionClauses(identities, rule.when ?? [])
  const operations = rule.to?.map((one) => operationClauses(one.operation)) ?? [[]]
  const sources = rule.from?.map((one) => sourceClauses(identities, one.source)) ?? [[]]
  const permissions = alternatives<Permission>(operations, when.permissions, scope)
  const principals = alternatives<Principal>(sources, when.principals, scope)
  return permissions.length === 0 || principals.length === 0 ? undefined : { permissions, principals }
}

/** Each alternative together with the conditions; those that can never match here fall away. */
function alternatives<Kind extends Permission | Principal>(
  all: readonly (readonly Clause<Kind>[])[],
  conditions: readonly Clause<Kind>[],
  scope: ClauseScope,
): readonly Kind[] {
  return all.flatMap((clauses) => {
    const tests = testsOf([...clauses, ...conditions], scope)
    return tests === undefined ? [] : [allOf(tests) as Kind]
  })
}
