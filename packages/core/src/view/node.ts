/** Who asks for a view (Envoy `core.v3.Node`, Istio's node id and metadata). */
export interface NodeSelf {
  readonly kind: 'sidecar' | 'gateway'
  /** Instance name, unique in its namespace: `reviews-v1-0`. */
  readonly name: string
  readonly namespace: string
  readonly serviceAccount: string
  /** The owning workload: `reviews-v1`. */
  readonly workload: string
  readonly labels: Readonly<Record<string, string>>
  /** IP literal at which peers reach it. */
  readonly address: string
  readonly cluster: string
  readonly trustDomain: string
  /** Whether it can hold an SVID; without one it gets a view without mesh TLS. */
  readonly identity: boolean
  /** How an application reaches it: `none` is by HTTP_PROXY and explicit listeners (Istio `interceptionMode: NONE`). */
  readonly capture: 'none'
}

/** `spiffe://cluster.local/ns/default/sa/bookinfo-reviews`. */
export function spiffeId(node: Pick<NodeSelf, 'trustDomain' | 'namespace' | 'serviceAccount'>): string {
  return `spiffe://${node.trustDomain}/ns/${node.namespace}/sa/${node.serviceAccount}`
}

/** Envoy node id in Istio's form: `sidecar~127.64.0.2~reviews-v1-0.default~default.svc.cluster.local`. */
export function nodeId(node: NodeSelf): string {
  const type = node.kind === 'gateway' ? 'router' : 'sidecar'
  return `${type}~${node.address}~${node.name}.${node.namespace}~${node.namespace}.svc.cluster.local`
}
