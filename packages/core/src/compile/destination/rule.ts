import { objectsOf } from '../../snapshot/objects-of.ts'
import type { DestinationRule } from '../bodies.ts'
import { compareSpecificity, hostWithin } from '../host-match.ts'
import { fullHost } from '../names.ts'
import { byAge } from '../order.ts'
import { exportedTo, type MeshService } from '../registry/service.ts'
import type { Scope } from '../scope.ts'
import { isEmpty, selects } from '../selector.ts'

type SubsetBody = NonNullable<DestinationRule['body']['subsets']>[number]

/** The DestinationRules that hold for one service as one node sees it, merged as Istio merges them. */
export interface Rules {
  /** Whose traffic policy holds: the oldest of those that have one, else the oldest. */
  readonly policy: DestinationRule | undefined
  /** Of all rules; the first of a name wins. */
  readonly subsets: readonly SubsetOfRule[]
}

export interface SubsetOfRule {
  readonly subset: SubsetBody
  readonly rule: DestinationRule
  readonly path: readonly (string | number)[]
}

/** Looks in the namespace of the caller, then of the service, then of the mesh: the first that has a rule for the host decides. */
export function rulesFor(scope: Scope, service: MeshService): Rules {
  const all = rulesOf(scope)
  const { node, registry } = scope
  const exported = (rule: DestinationRule): boolean =>
    exportedTo(listOr(rule.body.exportTo, registry.settings.destinationRuleExportTo), rule.meta.namespace, node.namespace)
  const candidates = [
    all.filter((rule) => rule.meta.namespace === node.namespace),
    all.filter((rule) => rule.meta.namespace === service.namespace && exported(rule)),
    all.filter((rule) => rule.meta.namespace === registry.settings.rootNamespace && exported(rule)),
  ]
  for (const rules of candidates) {
    const found = mostSpecific(rules, service.host)
    if (found.length > 0) return merged(found, node.labels)
  }
  return { policy: undefined, subsets: [] }
}

const SORTED = new WeakMap<object, readonly DestinationRule[]>()

function rulesOf(scope: Scope): readonly DestinationRule[] {
  const { snapshot } = scope.registry
  const known = SORTED.get(snapshot)
  if (known !== undefined) return known
  const made = [...objectsOf(snapshot, 'DestinationRule')].sort(byAge)
  SORTED.set(snapshot, made)
  return made
}

function mostSpecific(rules: readonly DestinationRule[], host: string): readonly DestinationRule[] {
  const matching = rules
    .map((rule) => ({ rule, by: fullHost(rule.body.host, rule.meta.namespace) }))
    .filter(({ by }) => hostWithin(host, by))
  const best = matching.map(({ by }) => by).sort(compareSpecificity)[0]
  return matching.filter(({ by }) => by === best).map(({ rule }) => rule)
}

/** Rules that select the node come first and replace the policy of those for everyone. */
function merged(rules: readonly DestinationRule[], labels: Readonly<Record<string, string>>): Rules {
  const selecting = rules.filter((rule) => {
    const selector = rule.body.workloadSelector?.matchLabels
    return !isEmpty(selector) && selects(selector ?? {}, labels)
  })
  const plain = rules.filter((rule) => isEmpty(rule.body.workloadSelector?.matchLabels))
  const inOrder = [...selecting, ...plain]
  return { policy: inOrder.find((rule) => rule.body.trafficPolicy !== undefined) ?? inOrder[0], subsets: subsetsOf(inOrder) }
}

function subsetsOf(rules: readonly DestinationRule[]): readonly SubsetOfRule[] {
  const seen = new Map<string, SubsetOfRule>()
  for (const rule of rules) {
    for (const [index, subset] of (rule.body.subsets ?? []).entries()) {
      if (!seen.has(subset.name)) seen.set(subset.name, { subset, rule, path: ['spec', 'subsets', index] })
    }
  }
  return [...seen.values()]
}

function listOr(list: readonly string[] | undefined, otherwise: readonly string[]): readonly string[] {
  return list === undefined || list.length === 0 ? otherwise : list
}
