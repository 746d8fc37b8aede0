import { selects } from '../../compile/selector.ts'
import { objectsOf } from '../objects-of.ts'
import { knowsWorkloads, type Analysis } from './analysis.ts'

/** Policies and Sidecars that select no workload. */
export function selectorsWithoutWorkloads(analysis: Analysis): void {
  if (!knowsWorkloads(analysis)) return
  for (const policy of [...objectsOf(analysis.snapshot, 'AuthorizationPolicy'), ...objectsOf(analysis.snapshot, 'PeerAuthentication')]) {
    check(analysis, policy, policy.body.selector?.matchLabels, ['spec', 'selector'])
  }
  for (const sidecar of objectsOf(analysis.snapshot, 'Sidecar')) {
    check(analysis, sidecar, sidecar.body.workloadSelector?.labels, ['spec', 'workloadSelector'])
  }
}

type Selecting = Parameters<Analysis['report']>[1]

function check(analysis: Analysis, object: Selecting, labels: Readonly<Record<string, string>> | undefined, path: readonly string[]): void {
  if (labels === undefined || Object.keys(labels).length === 0) return
  const { namespace } = object.meta
  const everywhere = namespace === analysis.registry.settings.rootNamespace
  if (analysis.registry.instances.some((one) => (everywhere || one.namespace === namespace) && selects(labels, one.labels))) return
  const said = Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ')
  analysis.report('IST0127', object, path, `No workload of ${everywhere ? 'the mesh' : namespace} has the labels ${said}.`)
}
