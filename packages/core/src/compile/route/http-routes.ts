import { parseDuration } from '../../config/fields/duration.ts'
import { fieldOrigin } from '../../config/object.ts'
import type { Route, RouteMatch } from '../../view/route.ts'
import type { HttpMatchBody, HttpRouteBody, VirtualService } from '../bodies.ts'
import type { Scope } from '../scope.ts'
import { applies, type Place } from './applies.ts'
import { fault } from './fault.ts'
import { httpAction, routeHeaders } from './http-action.ts'
import { ANY_REQUEST, isCatchAll, routeMatch } from './route-match.ts'

type Path = readonly (string | number)[]

/** The HTTP routes of a VirtualService as they hold at one place, in order; what follows a catch-all is left out. */
export function httpRoutes(scope: Scope, place: Place, object: VirtualService): readonly Route[] {
  const routes: Route[] = []
  for (const [index, body] of (object.body.http ?? []).entries()) {
    for (const one of matches(body, object, place, ['spec', 'http', index])) {
      routes.push(route(scope, place, object, body, { ...one, path: ['spec', 'http', index] }))
      if (isCatchAll(one.match)) return routes
    }
  }
  return routes
}

interface Match {
  readonly match: RouteMatch
  readonly name: string
  readonly at: Path
}

/** One route for each match block that can hold here; without blocks, one for everything. */
function matches(body: HttpRouteBody, object: VirtualService, place: Place, path: Path): readonly Match[] {
  const blocks = body.match ?? []
  if (blocks.length === 0) return [{ match: ANY_REQUEST, name: body.name ?? '', at: path }]
  return blocks.flatMap((block, index) =>
    applies(block, place, object.meta.namespace)
      ? [{ match: routeMatch(block), name: nameOf(body, block), at: [...path, 'match', index] }]
      : [],
  )
}

function nameOf(body: HttpRouteBody, block: HttpMatchBody): string {
  return [body.name, block.name].filter((name) => name !== undefined && name !== '').join('.')
}

function route(scope: Scope, place: Place, object: VirtualService, body: HttpRouteBody, one: Match & { readonly path: Path }): Route {
  const injected = fault(object, body.fault, [...one.path, 'fault'])
  return {
    name: one.name,
    match: one.match,
    action: httpAction(scope, place, object, body, one.path),
    timeoutMs: body.timeout === undefined ? 0 : (parseDuration(body.timeout) ?? 0),
    ...(injected === undefined ? {} : { fault: injected }),
    ...routeHeaders(body),
    origin: fieldOrigin(object, one.at),
  }
}
