import { fieldOrigin } from '../../config/object.ts'
import type { Forward, HeaderOps, Rewrite, RouteAction, WeightedCluster } from '../../view/route.ts'
import type { HttpRouteBody, VirtualService } from '../bodies.ts'
import type { Scope } from '../scope.ts'
import type { Place } from './applies.ts'
import { destinationCluster } from './destination.ts'
import { AUTHORITY, authorityIn, headerOps } from './header-ops.ts'
import { retryPolicy } from './retry.ts'

type Path = readonly (string | number)[]

/** What an HTTP route of a VirtualService does; a delegate, which is not carried out, goes nowhere and says so. */
export function httpAction(scope: Scope, place: Place, object: VirtualService, body: HttpRouteBody, path: Path): RouteAction {
  if (body.redirect !== undefined) return redirect(body.redirect, place)
  if (body.directResponse !== undefined) return respond(body.directResponse)
  return forward(scope, place, object, body, path)
}

function forward(scope: Scope, place: Place, object: VirtualService, body: HttpRouteBody, path: Path): Forward {
  const clusters = (body.route ?? []).map((share, index, all): WeightedCluster => {
    const where = { namespace: object.meta.namespace, port: place.port }
    return {
      cluster: destinationCluster(scope, share.destination, where),
      weight: all.length === 1 ? share.weight || 100 : (share.weight ?? 0),
      ...optional('requestHeaders', headerOps(share.headers?.request)),
      ...optional('responseHeaders', headerOps(share.headers?.response)),
      origin: fieldOrigin(object, [...path, 'route', index]),
    }
  })
  return {
    kind: 'forward',
    clusters: clusters.length > 0 ? clusters : [NOWHERE],
    ...optional('rewrite', rewrite(body)),
    ...optional('retry', retryPolicy(body.retries ?? scope.registry.settings.retry)),
  }
}

/** A route without a destination: to a cluster that no view has. */
const NOWHERE: WeightedCluster = { cluster: 'UnknownCluster', weight: 100 }

function rewrite(body: HttpRouteBody): Rewrite | undefined {
  const authority = body.rewrite?.authority ?? authorityIn(body.headers?.request)
  const { uri, uriRegexRewrite: regex } = body.rewrite ?? {}
  if (authority === undefined && uri === undefined && regex === undefined) return undefined
  return {
    ...optional('prefix', uri),
    ...(regex === undefined ? {} : { regex: { pattern: regex.match, substitution: regex.rewrite } }),
    ...optional('authority', authority),
  }
}

/** Header operations of the whole route; a new authority is a rewrite, not a header. */
export function routeHeaders(body: HttpRouteBody): { readonly requestHeaders?: HeaderOps; readonly responseHeaders?: HeaderOps } {
  return {
    ...optional('requestHeaders', headerOps(body.headers?.request, AUTHORITY)),
    ...optional('responseHeaders', headerOps(body.headers?.response)),
  }
}

function redirect(body: NonNullable<HttpRouteBody['redirect']>, place: Place): RouteAction {
  const port = body.port ?? (body.derivePort === 'FROM_REQUEST_PORT' ? place.port : undefined)
  return {
    kind: 'redirect',
    status: body.redirectCode ?? 301,
    ...optional('scheme', body.scheme),
    ...optional('authority', body.authority),
    ...optional('port', port),
    ...optional('path', body.uri),
  }
}

function respond(body: NonNullable<HttpRouteBody['directResponse']>): RouteAction {
  return { kind: 'respond', status: body.status, ...optional('body', body.body?.string) }
}

/** An object with the field, or without it: exact optional fields are absent, never undefined. */
function optional<Key extends string, Value>(key: Key, value: Value | undefined): { readonly [K in Key]?: Value } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [K in Key]?: Value }
}
