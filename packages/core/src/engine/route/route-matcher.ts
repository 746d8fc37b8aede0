import type { Route, RouteTable, VirtualHost } from '../../view/route.ts'
import { REGEX_WORK_EXCEEDED, type RouteDecision } from '../decision.ts'
import type { RouteMatcher } from '../engine.ts'
import { Regexes } from '../../regex/regexes.ts'
import { pathOf, queryOf } from '../match/path.ts'
import { QueryParams } from '../match/query.ts'
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
  /** The request asks more of the host's expressions than one may. */
  readonly tooCostly: RouteDecision
}

interface CompiledRoute {
  readonly route: Route
  readonly parts: readonly RoutePart[]
  readonly decision: RouteDecision
}

/** Compiles a route table; decisions are made once and handed out. */
export function compileTable(table: RouteTable): CompiledTable {
  const regexes = new Regexes()
  const domains = compileDomains(table.hosts.map((host) => [host.domains, compileHost(table, host, regexes)] as const))
  const none: RouteDecision = { kind: 'none', flag: 'NR', code: 'route_not_found', table, host: undefined }
  const walk = (head: RequestHead, recorder: RouteRecorder | undefined): RouteDecision => {
    const compiled = domains.find(head.authority, head.scheme)
    recorder?.host(compiled?.host)
    return compiled === undefined ? none : walkHost(compiled, regexes, head, recorder)
  }
  return { table, walk, route: (head) => walk(head, undefined) }
}

function compileHost(table: RouteTable, host: VirtualHost, regexes: Regexes): CompiledHost {
  const compile = (pattern: string) => regexes.compile(pattern)
  return {
    host,
    routes: host.routes.map((route) => ({ route, parts: compileParts(route, compile), decision: { kind: 'route', table, host, route } })),
    none: { kind: 'none', flag: 'NR', code: 'route_not_found', table, host },
    tooCostly: { kind: 'none', flag: 'DPE', code: REGEX_WORK_EXCEEDED, table, host },
  }
}

function walkHost(compiled: CompiledHost, regexes: Regexes, head: RequestHead, recorder: RouteRecorder | undefined): RouteDecision {
  const target = head.path
  const path = pathOf(target)
  const query = new QueryParams(path.length === target.length ? '' : queryOf(target))
  regexes.begin()
  for (const { route, parts, decision } of compiled.routes) {
    const failed = failingPart(parts, head, path, query)
    if (regexes.exhausted) return compiled.tooCostly
    if (failed === undefined) return decision
    recorder?.miss(route, failed.why(head, path, query))
  }
  return compiled.none
}
