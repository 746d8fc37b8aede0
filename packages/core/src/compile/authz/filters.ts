import { fieldOrigin } from '../../config/object.ts'
import { objectsOf } from '../../snapshot/objects-of.ts'
import type { AuthzFilter, AuthzPolicy } from '../../view/authz.ts'
import type { AuthorizationPolicy } from '../bodies.ts'
import { byAge } from '../order.ts'
import type { Instance } from '../registry/instance.ts'
import type { Registry } from '../registry/registry.ts'
import { isolated, type Report } from '../report.ts'
import { isEmpty, selects } from '../selector.ts'
import { ruleTests } from './rule.ts'

/** Whose connections are judged, and of which kind they are. */
export interface AuthzPort {
  readonly who: Pick<Instance, 'namespace' | 'labels'>
  readonly kind: 'http' | 'tcp'
}

/**
 * Istio's AuthorizationPolicies of the mesh, the namespace and the workload, as RBAC filters: DENY first, then ALLOW.
 * A policy that cannot be understood, and a CUSTOM one, whose provider nobody asks, deny what they select.
 */
export function authzFilters(registry: Registry, port: AuthzPort, report: Report): readonly AuthzFilter[] {
  const chosen = policiesFor(registry, port.who)
  const denying = chosen.filter((policy) => policy.body.action === 'DENY' || policy.body.action === 'CUSTOM')
  const allowing = chosen.filter((policy) => (policy.body.action ?? 'ALLOW') === 'ALLOW')
  const deny = [...quarantinedFor(registry, port.who), ...denying.flatMap((policy) => rulesOf(registry, port, policy, report))]
  const allow = allowing.flatMap((policy) => rulesOf(registry, port, policy, report))
  return [
    ...(deny.length > 0 ? [{ action: 'DENY' as const, policies: deny }] : []),
    ...(allowing.length > 0 ? [{ action: 'ALLOW' as const, policies: allow }] : []),
  ]
}

function policiesFor(registry: Registry, who: AuthzPort['who']): readonly AuthorizationPolicy[] {
  return policiesOf(registry).filter(({ meta, body }) => {
    const inScope = meta.namespace === who.namespace || meta.namespace === registry.settings.rootNamespace
    return inScope && selects(body.selector?.matchLabels ?? {}, who.labels) && targets(body, who) && !isDryRun(meta.annotations)
  })
}

/** `targetRefs` name gateways, which carry their name as a label; workloads without it are not meant. */
function targets(body: AuthorizationPolicy['body'], who: AuthzPort['who']): boolean {
  const refs = body.targetRefs ?? (body.targetRef === undefined ? [] : [body.targetRef])
  return (
    refs.length === 0 || refs.some((ref) => ref.kind === 'Gateway' && who.labels['gateway.networking.k8s.io/gateway-name'] === ref.name)
  )
}

/** Istio `istio.io/dry-run`: the policy is only to be watched, never enforced. */
function isDryRun(annotations: Readonly<Record<string, string>>): boolean {
  return annotations['istio.io/dry-run'] === 'true'
}

function rulesOf(registry: Registry, port: AuthzPort, policy: AuthorizationPolicy, report: Report): readonly AuthzPolicy[] {
  const { meta, body } = policy
  const allows = (body.action ?? 'ALLOW') === 'ALLOW'
  const identities = { namespace: meta.namespace, settings: registry.settings }
  const scope = { kind: port.kind, missing: allows ? 'never' : 'skip' } as const
  const name = `ns[${meta.namespace}]-policy[${meta.name}]`
  return isolated(report, policy, allows ? [] : [{ name, ...EVERYTHING, origin: policy.origin }], () =>
    orNever(allows, { name, ...NOBODY, origin: policy.origin }, () =>
      (body.rules ?? []).flatMap((rule, index) => {
        const tests = ruleTests(identities, rule, scope)
        const origin = fieldOrigin(policy, ['spec', 'rules', index])
        return tests === undefined ? [] : [{ name: `${name}-rule[${index}]`, ...tests, origin }]
      }),
    ),
  )
}

/** A policy that allows nobody here stands there all the same, so that it can be named as the reason. */
function orNever(allows: boolean, never: AuthzPolicy, make: () => readonly AuthzPolicy[]): readonly AuthzPolicy[] {
  const made = make()
  return made.length === 0 && allows ? [never] : made
}

function quarantinedFor(registry: Registry, who: AuthzPort['who']): readonly AuthzPolicy[] {
  return registry.snapshot.quarantined
    .filter((one) => one.kind === 'AuthorizationPolicy')
    .filter((one) => one.namespace === who.namespace || one.namespace === registry.settings.rootNamespace)
    .filter((one) => isEmpty(one.selector) || selects(one.selector ?? {}, who.labels))
    .map((one) => ({ name: `ns[${one.namespace}]-policy[${one.name}]-quarantined`, ...EVERYTHING, origin: one.origin }))
}

const NOBODY = {
  permissions: [{ kind: 'not', of: { kind: 'any' } }],
  principals: [{ kind: 'not', of: { kind: 'any' } }],
} as const
const EVERYTHING = { permissions: [{ kind: 'any' }], principals: [{ kind: 'any' }] } as const

const SORTED = new WeakMap<Registry, readonly AuthorizationPolicy[]>()

function policiesOf(registry: Registry): readonly AuthorizationPolicy[] {
  const known = SORTED.get(registry)
  if (known !== undefined) return known
  const made = [...objectsOf(registry.snapshot, 'AuthorizationPolicy')].sort(byAge)
  SORTED.set(registry, made)
  return made
}
