import type { AuthzFilter, AuthzPolicy } from '../../view/authz.ts'
import { Regexes } from '../../regex/regexes.ts'
import { REGEX_WORK_EXCEEDED, type AuthzDecision } from '../decision.ts'
import type { Authorizer } from '../engine.ts'
import type { Peer, RequestHead } from '../request.ts'
import { compilePolicy, type AuthzContext, type AuthzTest } from './policy-test.ts'
import { remoteReader, type ForwardedTrust } from './remote-address.ts'

/** Compiles the RBAC filters of a chain; the first one that denies decides. What is too much work to judge is denied. */
export function compileAuthorizer(filters: readonly AuthzFilter[], trust: ForwardedTrust = { edge: false }): Authorizer {
  if (filters.length === 0) return ALLOW_ALL
  const regexes = new Regexes()
  const context = { compile: (pattern: string) => regexes.compile(pattern), remote: remoteReader(trust) }
  const steps = filters.map((filter) => ({ judge: compileFilter(filter, context), tooCostly: tooCostly(filter) }))
  return {
    empty: false,
    authorize(head, peer) {
      let matched: AuthzDecision = ALLOWED
      regexes.begin()
      for (const step of steps) {
        const decision = step.judge(head, peer)
        if (regexes.exhausted) return step.tooCostly
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

function compileFilter(filter: AuthzFilter, context: AuthzContext): FilterStep {
  const policies = filter.policies.map((policy): PreparedPolicy => ({
    test: compilePolicy(policy, filter.action, context),
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

function tooCostly(filter: AuthzFilter): AuthzDecision {
  return { allowed: false, filter, code: `rbac_access_denied_${REGEX_WORK_EXCEEDED}` }
}

const ALLOWED: AuthzDecision = { allowed: true }

const ALLOW_ALL: Authorizer = { empty: true, authorize: () => ALLOWED }
