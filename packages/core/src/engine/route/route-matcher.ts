import type { Route, RouteTable, VirtualHost } from '../../view/route.ts'
import type { RouteDecision } from '../decision.ts'
import type { RouteMatcher } from '../engine.ts'
import { pathOf, queryOf } from '../match/path.ts'
import type { RequestHead } from '../request.ts'
import { compileDomains } from './domains.ts'
import { compileParts, failingPart, type RoutePart } from './route-test.ts'

/** Told what a walk looked at. */
export interface RouteRecorder {
  host(host: VirtualHost | undefined): void
  /** A route of the host that did not match, and why. */
  miss(route: Route, why: string): void
}

/** A route matcher that can tell how it came to its decision. */
export interface CompiledTable extends RouteMatcher {
  walk(head: RequestHead, recorder: RouteRecorder | undefined): RouteDecision
}

interface CompiledHost {
  readonly host: VirtualHost
  readonly routes: readonly CompiledRoute[]
  readonly none: RouteDecision
}

interface CompiledRoute {
  readonly route: Route
  readonly parts: readonly RoutePart[]
  readonly decision: RouteDecision
}

/** Compiles a route table; decisions are made once and handed out. */
export function compileTable(table: RouteTable): CompiledTable {
  const domains = compileDomains(table.hosts.map((host) => [host.domains, compileHost(table, host)] as const))
  const none: RouteDecision = { kind: 'none', flag: 'NR', code: 'route_not_found', table, host: undefined }
  const walk = (head: RequestHead, recorder: RouteRecorder | undefined): RouteDecision => {
    const compiled = domains.find(head.authority, head.scheme)
    recorder?.host(compiled?.host)
    return compiled === undefined ? none : walkHost(compiled, head, recorder)
  }
  return { table, walk, route: (head) => walk(head, undefined) }
}

function compileHost(table: RouteTable, host: VirtualHost): CompiledHost {
  return {
    host,
    routes: host.routes.map((route) => ({ route, parts: compileParts(route), decision: { kind: 'route', table, host, route } })),
    none: { kind: 'none', flag: 'NR', code: 'route_not_found', table, host },
  }
}

function walkHost(compiled: CompiledHost, head: RequestHead, recorder: RouteRecorder | undefined): RouteDecision {
  const target = head.path
  const path = pathOf(target)
  const query = path.length === target.length ? '' : queryOf(target)
  for (const { route, parts, decision } of compiled.routes) {
    const failed = failingPart(parts, head, path, query)
    if (failed === undefined) return decision
    recorder?.miss(route, failed.why(head, path, query))
  }
  return compiled.none
}
