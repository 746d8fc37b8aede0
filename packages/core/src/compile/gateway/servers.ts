import { objectsOf } from '../../snapshot/objects-of.ts'
import type { Gateway, ServerBody } from '../bodies.ts'
import { narrowerHost } from '../host-match.ts'
import { fullHost } from '../names.ts'
import { byAge } from '../order.ts'
import type { Scope } from '../scope.ts'
import { isEmpty, selects } from '../selector.ts'
import { bindAddress, bindPort } from './bind.ts'

/** One server of a Gateway that a node carries out. */
export interface GatewayServer {
  readonly gateway: Gateway
  /** `namespace/name`. */
  readonly gatewayName: string
  readonly server: ServerBody
  readonly path: readonly (string | number)[]
  readonly address: string
  /** Where it listens; `server.port.number` is how Gateways and their rules name it. */
  readonly port: number
}

/** All servers of the Gateways that select a node, older Gateways first. */
export function serversOf(scope: Scope): readonly GatewayServer[] {
  return [...objectsOf(scope.registry.snapshot, 'Gateway')]
    .filter((gateway) => isEmpty(gateway.body.selector) || selects(gateway.body.selector ?? {}, scope.node.labels))
    .sort(byAge)
    .flatMap((gateway) =>
      gateway.body.servers.map((server, index) => ({
        gateway,
        gatewayName: `${gateway.meta.namespace}/${gateway.meta.name}`,
        server,
        path: ['spec', 'servers', index],
        address: bindAddress(scope, server),
        port: bindPort(scope, server.port.number),
      })),
    )
}

/** The hosts that a server takes, without the namespaces before them. */
export function serverHosts({ server }: Pick<GatewayServer, 'server'>): readonly string[] {
  return server.hosts.map((host) => host.slice(host.indexOf('/') + 1).toLowerCase())
}

/** What a rule's hosts and a server's have in common; a server may keep its hosts to the rules of some namespaces. */
export function sharedHosts({ server, gateway }: GatewayServer, namespace: string, hosts: readonly string[]): readonly string[] {
  const shared = server.hosts.flatMap((written) => {
    const slash = written.indexOf('/')
    const owner = slash < 0 ? '*' : written.slice(0, slash)
    const open = owner === '*' || (owner === '.' ? gateway.meta.namespace : owner) === namespace
    const own = fullHost(written.slice(slash + 1), gateway.meta.namespace)
    return open ? hosts.map((host) => narrowerHost(fullHost(host, namespace), own)) : []
  })
  return [...new Set(shared.filter((host) => host !== undefined))]
}
