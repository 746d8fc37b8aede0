import type { Origin } from '@mesh/core/config'

const GROUPS: Readonly<Record<string, string>> = {
  AuthorizationPolicy: 'security.istio.io/v1',
  DestinationRule: 'networking.istio.io/v1',
  Gateway: 'networking.istio.io/v1',
  PeerAuthentication: 'security.istio.io/v1',
  ServiceEntry: 'networking.istio.io/v1',
  Sidecar: 'networking.istio.io/v1',
  VirtualService: 'networking.istio.io/v1',
  WorkloadEntry: 'networking.istio.io/v1',
}

/** How Istio names an object in `filter_metadata.istio.config`: `/apis/networking.istio.io/v1/namespaces/default/virtual-service/reviews`. */
export function istioConfigPath(origin: Origin): string | undefined {
  const group = GROUPS[origin.kind]
  if (group === undefined) return undefined
  const kind = origin.kind.replace(/(?<=[a-z])[A-Z]/g, '-$&').toLowerCase()
  return `/apis/${group}/namespaces/${origin.namespace}/${kind}/${origin.name}`
}
