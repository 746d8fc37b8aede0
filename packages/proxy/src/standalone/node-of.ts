import { nodesOf } from '@mesh/core/compile'
import type { Snapshot } from '@mesh/core/snapshot'
import type { NodeSelf } from '@mesh/core/view'
import type { StandaloneFlags } from './flags.ts'

type Who = Pick<StandaloneFlags, 'as' | 'name' | 'namespace' | 'labels' | 'address'>

/**
 * Who the proxy is: what flags say, else what a WorkloadEntry of its name says, else the usual. Throws an Error when both name labels, and not
 * the same: policies would select by the ones, Gateways by the others.
 */
export function nodeOf(flags: Who, snapshot: Snapshot): NodeSelf {
  const { name, namespace } = flags
  const registered = nodesOf(snapshot, { cluster: CLUSTER, identity: false }).find(
    (one) => one.name === name && one.namespace === namespace,
  )
  if (registered === undefined) return unregistered(flags)
  if (flags.labels !== undefined && !sameLabels(flags.labels, registered.labels))
    throw new Error(`WorkloadEntry ${namespace}/${name} registers this proxy: write its labels there, and leave --labels out.`)
  return { ...registered, kind: flags.as ?? registered.kind, address: flags.address ?? registered.address }
}

const CLUSTER = 'Kubernetes'
/** By which the Gateways of Istio's own documentation select their proxy. */
const INGRESS_LABELS = { istio: 'ingressgateway', app: 'istio-ingressgateway' }

function unregistered({ as: kind = 'gateway', name, namespace, labels, address = '127.0.0.1' }: Who): NodeSelf {
  const own = labels ?? (kind === 'gateway' ? INGRESS_LABELS : {})
  return {
    kind,
    name,
    namespace,
    serviceAccount: 'default',
    workload: own['app'] ?? name,
    labels: own,
    address,
    cluster: CLUSTER,
    trustDomain: 'cluster.local',
    identity: false,
    capture: 'none',
  }
}

function sameLabels(left: Readonly<Record<string, string>>, right: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(left)
  return names.length === Object.keys(right).length && names.every((name) => left[name] === right[name])
}
