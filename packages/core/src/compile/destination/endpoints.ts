import type { Endpoint } from '../../view/cluster.ts'
import { inboundMode } from '../inbound/mtls.ts'
import { compareText } from '../order.ts'
import { workloadRef, type Instance } from '../registry/instance.ts'
import { instancesOf } from '../registry/registry.ts'
import { targetPort, type MeshService, type ServicePort } from '../registry/service.ts'
import type { Scope } from '../scope.ts'
import { selects } from '../selector.ts'

/** The endpoints of one port of a service, or of a subset of it by labels; sorted by address. */
export function endpointsFor(
  scope: Scope,
  service: MeshService,
  port: ServicePort,
  labels: Readonly<Record<string, string>> | undefined,
): readonly Endpoint[] {
  return instancesOf(scope.registry, service)
    .filter((one) => labels === undefined || selects(labels, one.labels))
    .map((one) => endpoint(scope, one, targetPort(port, one)))
    .sort((left, right) => compareText(left.address, right.address) || left.port - right.port)
}

/** An endpoint whose own policy switches mTLS off takes plain text, whatever its label says. */
function endpoint(scope: Scope, one: Instance, port: number): Endpoint {
  const mesh = one.meshTls && inboundMode(scope.registry, one, port).mode !== 'DISABLE'
  return {
    address: one.address,
    port,
    weight: one.weight,
    healthy: one.ready,
    ...(mesh ? { tls: 'istio' as const } : {}),
    ...(one.workload === '' ? {} : { workload: workloadRef(one, scope.node.cluster) }),
  }
}
