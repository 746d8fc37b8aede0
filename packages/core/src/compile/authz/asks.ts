import type { AuthzFilter, Permission, Principal } from '../../view/authz.ts'

/** Whether any policy judges the path of a request. */
export function asksPath(filters: readonly AuthzFilter[]): boolean {
  return anyLeaf(filters, (leaf) => leaf.kind === 'path' || (leaf.kind === 'header' && leaf.header.name === ':path'))
}

/** Whether any policy judges where a request comes from, as proxies in front tell it. */
export function asksRemoteIp(filters: readonly AuthzFilter[]): boolean {
  return anyLeaf(filters, (leaf) => leaf.kind === 'remote-ip')
}

type Rule = Permission | Principal

function anyLeaf(filters: readonly AuthzFilter[], holds: (leaf: Rule) => boolean): boolean {
  const within = (rule: Rule): boolean => {
    if (rule.kind === 'and' || rule.kind === 'or') return rule.of.some(within)
    return rule.kind === 'not' ? within(rule.of) : holds(rule)
  }
  return filters.some(({ policies }) => policies.some((policy) => [...policy.permissions, ...policy.principals].some(within)))
}
