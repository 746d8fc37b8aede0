import { PROXY_CONFIG, proxyConfigOf } from '../../config/check/proxy-config-of.ts'
import type { Listener } from '../../view/listener.ts'
import type { Scope } from '../scope.ts'

/** Whether connections to a gateway begin with a PROXY header: the MeshConfig says so for all gateways, an annotation for one. */
export function proxyProtocolOf({ registry, self }: Scope): Pick<Listener, 'proxyProtocol'> {
  const own = self?.annotations[PROXY_CONFIG]
  const asked = registry.settings.proxyProtocol || (own !== undefined && proxyConfigOf(own)?.gatewayTopology?.proxyProtocol !== undefined)
  return asked ? { proxyProtocol: true } : {}
}
