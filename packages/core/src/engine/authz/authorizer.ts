import type { AuthzFilter, AuthzPolicy } from '../../view/authz.ts'
import type { AuthzDecision } from '../decision.ts'
import type { Authorizer } from '../engine.ts'
import type { Peer, RequestHead } from '../request.ts'
import { compilePolicy, type AuthzTest } from './policy-test.ts'

/** Compiles the RBAC filters of a chain; the first one that denies decides. */
export function compileAuthorizer(filters: readonly AuthzFilter[]): Authorizer {
  if (filters.length === 0) return ALLOW_ALL
  const steps = filters.map(compileFilter)
  return {
    empty: false,
    authorize(head, peer) {
      let matched: AuthzDecision = ALLOWED
      for (const step of steps) {
        const decision = step(head, peer)
        if (!decision.allowed) return decision
        if (decision.policy !== undefined) matched = decision
      }
      return matched
    },
  }
}

type FilterStep = (head: RequestHead | undefined, peer: Peer) => AuthzDecision

interface PreparedPolicy {
  readonly test: AuthzTest
  readonly decision: AuthzDecision
}

function compileFilter(filter: AuthzFilter): FilterStep {
  const policies = filter.policies.map((policy): PreparedPolicy => ({
    test: compilePolicy(policy, filter.action),
    decision: filter.action === 'DENY' ? denied(filter, policy) : { allowed: true, policy },
  }))
  const otherwise = filter.action === 'DENY' ? ALLOWED : denied(filter, undefined)
  return (head, peer) => {
    for (const { test, decision } of policies) if (test(head, peer)) return decision
    return otherwise
  }
}

function denied(filter: AuthzFilter, policy: AuthzPolicy | undefined): AuthzDecision {
  const code = `rbac_access_denied_matched_policy[${policy?.name ?? 'none'}]`
  return policy === undefined ? { allowed: false, filter, code } : { allowed: false, filter, policy, code }
}

const ALLOWED: AuthzDecision = { allowed: true }

const ALLOW_ALL: Authorizer = { empty: true, authorize: () => ALLOWED }
