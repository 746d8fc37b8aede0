import type { TcpFilterChain } from '../../view/listener.ts'
import type { DestinationBody, VirtualService } from '../bodies.ts'
import { hostWithin } from '../host-match.ts'
import type { Scope } from '../scope.ts'
import { applies, type Place } from './applies.ts'
import { destinationCluster } from './destination.ts'

/** Relative shares of opaque connections. */
export type Shares = TcpFilterChain['clusters']

/** Where the TCP routes of a VirtualService send a connection at this place; undefined when none of them holds. */
export function tcpShares(scope: Scope, place: Place, object: VirtualService): Shares | undefined {
  const found = (object.body.tcp ?? []).find(
    (route) => listOr(route.match, [{}]).some((match) => applies(match, place, object.meta.namespace)) && (route.route ?? []).length > 0,
  )
  return found === undefined ? undefined : shares(scope, place, object, found.route ?? [])
}

/** Where the TLS routes of a VirtualService send connections, by the server names that clients ask for. */
export function tlsShares(
  scope: Scope,
  place: Place,
  object: VirtualService,
): readonly { readonly sni: readonly string[]; readonly clusters: Shares; readonly path: readonly (string | number)[] }[] {
  return (object.body.tls ?? []).flatMap((route, index) =>
    (route.match ?? [])
      .filter((match) => applies(match, place, object.meta.namespace))
      .map((match) => ({
        sni: match.sniHosts.map((host) => host.toLowerCase()),
        clusters: shares(scope, place, object, route.route ?? []),
        path: ['spec', 'tls', index],
      })),
  )
}

/** The shares of the TLS route for one host. */
export function tlsSharesFor(scope: Scope, place: Place, object: VirtualService, host: string): Shares | undefined {
  return tlsShares(scope, place, object).find((one) => one.sni.some((pattern) => hostWithin(host, pattern)))?.clusters
}

function shares(
  scope: Scope,
  place: Place,
  object: VirtualService,
  routes: readonly { readonly destination: DestinationBody; readonly weight?: number | undefined }[],
): Shares {
  const where = { namespace: object.meta.namespace, port: place.port }
  return routes.map((share, _index, all) => ({
    cluster: destinationCluster(scope, share.destination, where),
    weight: all.length === 1 ? share.weight || 100 : (share.weight ?? 0),
  }))
}

function listOr<Item>(list: readonly Item[] | undefined, otherwise: readonly Item[]): readonly Item[] {
  return list === undefined || list.length === 0 ? otherwise : list
}
