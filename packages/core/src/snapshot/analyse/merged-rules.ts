import { fullHost } from '../../compile/names.ts'
import { byAge } from '../../compile/order.ts'
import { isEmpty, selects } from '../../compile/selector.ts'
import type { ObjectOf } from '../../config/kinds.ts'
import { originPlace } from '../../config/origin.ts'
import { canonicalJson } from '../content-hash.ts'
import { objectsOf } from '../objects-of.ts'
import type { Analysis } from './analysis.ts'

type DestinationRule = ObjectOf<'DestinationRule'>

const FIX = 'Put the policy and the subsets of one host into one DestinationRule.'

/** DestinationRules of a namespace for one host are merged: of a subset of the same name, and of the traffic policy, the oldest holds. */
export function lostInMerge(analysis: Analysis): void {
  const first = new Map<string, DestinationRule>()
  for (const rule of [...objectsOf(analysis.snapshot, 'DestinationRule')].sort(byAge)) {
    const audiences = audiencesOf(analysis, rule)
    const earlierWith = (part: string): DestinationRule | undefined => {
      const keys = audiences.map((audience) => `${audience} ${part}`)
      const earlier = keys.map((key) => first.get(key)).find((one) => one !== undefined)
      for (const key of keys) if (!first.has(key)) first.set(key, rule)
      return earlier
    }
    reportPolicy(analysis, rule, earlierWith)
    reportSubsets(analysis, rule, earlierWith)
  }
}

type EarlierWith = (part: string) => DestinationRule | undefined

function reportPolicy(analysis: Analysis, rule: DestinationRule, earlierWith: EarlierWith): void {
  if (rule.body.trafficPolicy === undefined) return
  const earlier = earlierWith('policy')
  if (earlier === undefined) return
  const message = `${named(earlier)} already has a \`trafficPolicy\` for "${rule.body.host}"; this one has no effect.`
  analysis.report('MESH0203', rule, ['spec', 'trafficPolicy'], message, FIX)
}

function reportSubsets(analysis: Analysis, rule: DestinationRule, earlierWith: EarlierWith): void {
  for (const [index, subset] of (rule.body.subsets ?? []).entries()) {
    const earlier = earlierWith(`subset ${subset.name}`)
    if (earlier === undefined) continue
    const message = `${named(earlier)} already has a subset "${subset.name}" for "${rule.body.host}"; this one has no effect.`
    analysis.report('MESH0203', rule, ['spec', 'subsets', index], message, FIX)
  }
}

function named({ meta, origin }: DestinationRule): string {
  return `DestinationRule ${meta.namespace}/${meta.name} (${originPlace(origin)})`
}

/** For whom the rule is merged; one that selects workloads stands before those for everyone, and meets only others that select them. */
function audiencesOf({ registry }: Analysis, { meta, body }: DestinationRule): readonly string[] {
  const host = `${meta.namespace} ${fullHost(body.host, meta.namespace)}`
  const labels = body.workloadSelector?.matchLabels
  if (labels === undefined || isEmpty(labels)) return [`${host} all`]
  const selected = [...registry.instances.entries()].filter(([, one]) => one.namespace === meta.namespace && selects(labels, one.labels))
  return [`${host} selector ${canonicalJson(labels)}`, ...selected.map(([index]) => `${host} instance ${index}`)]
}
