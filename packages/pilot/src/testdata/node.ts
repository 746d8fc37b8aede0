import type { NodeSelf } from '@mesh/core/view'

/** The proxy of `reviews-0`, as it tells of itself. */
export const NODE: NodeSelf = {
  kind: 'sidecar',
  name: 'reviews-0',
  namespace: 'default',
  serviceAccount: 'reviews',
  workload: 'reviews-0',
  labels: {},
  address: '127.2.0.1',
  cluster: 'Kubernetes',
  trustDomain: 'cluster.local',
  identity: true,
  capture: 'none',
}

/** The same where nobody has a certificate. */
export const PLAIN_NODE: NodeSelf = { ...NODE, identity: false }
