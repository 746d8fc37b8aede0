import { instancesOf } from '../../compile/registry/registry.ts'
import { selects } from '../../compile/selector.ts'
import { objectsOf } from '../objects-of.ts'
import { knowsWorkloads, servicesAt, type Analysis } from './analysis.ts'

/** Subsets that no workload of their service belongs to. */
export function subsetsWithoutWorkloads(analysis: Analysis): void {
  if (!knowsWorkloads(analysis)) return
  for (const rule of objectsOf(analysis.snapshot, 'DestinationRule')) {
    const services = servicesAt(analysis, rule.body.host, rule.meta.namespace).filter((service) => service.resolution === 'endpoints')
    if (services.length === 0) continue
    const instances = services.flatMap((service) => instancesOf(analysis.registry, service))
    for (const [index, subset] of (rule.body.subsets ?? []).entries()) {
      const labels = subset.labels ?? {}
      if (instances.some((instance) => selects(labels, instance.labels))) continue
      const said = Object.entries(labels)
        .map(([key, value]) => `${key}=${value}`)
        .join(', ')
      analysis.report(
        'IST0173',
        rule,
        ['spec', 'subsets', index],
        `No workload of "${rule.body.host}" has the labels ${said}; requests to subset "${subset.name}" get 503.`,
      )
    }
  }
}
