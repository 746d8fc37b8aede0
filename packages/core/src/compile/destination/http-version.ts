import type { Cluster } from '../../view/cluster.ts'
import { carriedAs } from '../protocol.ts'
import type { MeshService, ServicePort } from '../registry/service.ts'
import type { Scope } from '../scope.ts'
import type { PolicyParts } from './policy.ts'
import { tlsMode } from './upstream-tls.ts'

interface Target {
  readonly service: MeshService
  readonly port: ServicePort
}

/**
 * What is spoken to a cluster: Istio's `useClientProtocol` goes before its `h2UpgradePolicy`, and this one before what the port says.
 * Where neither says anything, two proxies of this mesh agree on HTTP/2 among themselves.
 */
export function protocolFor(scope: Scope, target: Target, policy: PolicyParts): Cluster['protocol'] {
  const carried = carriedAs(target.port.protocol)
  if (carried === 'tcp') return carried
  const { useClientProtocol, h2UpgradePolicy = 'DEFAULT' } = policy.connectionPool?.http ?? {}
  if (useClientProtocol === true) return 'downstream'
  if (carried === 'h2') return carried
  const said = h2UpgradePolicy === 'DEFAULT' ? byMesh(scope, target) : h2UpgradePolicy
  if (said === 'UPGRADE' && target.port.protocol === 'http') return 'h2'
  return said === undefined && mayShare(scope, target, policy) ? 'auto' : carried
}

/** Outside the mesh only a rule upgrades. */
function byMesh(scope: Scope, { service }: Target): 'UPGRADE' | 'DO_NOT_UPGRADE' | undefined {
  return service.external ? 'DO_NOT_UPGRADE' : scope.registry.settings.h2Upgrade
}

/** Bounds on connections, and on calls that wait for one, are of HTTP/1.1: with one connection for all calls they would mean something else. */
function mayShare(scope: Scope, { service }: Target, { tls, connectionPool }: PolicyParts): boolean {
  const mode = tlsMode(scope, service, tls)
  if (mode !== 'mutual' && mode !== 'auto') return false
  const { tcp, http } = connectionPool ?? {}
  return [tcp?.maxConnections, http?.http1MaxPendingRequests, http?.maxRequestsPerConnection].every((bound = 0) => bound === 0)
}
