import { REGEX_WORK_EXCEEDED, type Reason, type RouteDecision } from '../engine/decision.ts'
import type { RequestHead } from '../engine/request.ts'
import type { CompiledTable } from '../engine/route/route-matcher.ts'
import type { Route, VirtualHost } from '../view/route.ts'
import { reasonOf } from './reason.ts'

type NearMiss = NonNullable<Reason['nearMisses']>[number]

/** Runs the route table with a recorder, and tells host, route, and what nearly matched. */
export function explainRoute(table: CompiledTable | undefined, head: RequestHead, reasons: Reason[]): RouteDecision {
  if (table === undefined) {
    reasons.push(reasonOf('route', 'the listener names a route table that the proxy does not have'))
    return { kind: 'none', flag: 'NR', code: 'route_not_found', table: undefined, host: undefined }
  }
  const misses: NearMiss[] = []
  let seen: VirtualHost | undefined
  const decision = table.walk(head, {
    host: (host) => (seen = host),
    miss: (route, why) => misses.push({ what: routeTitle(route), why, ...(route.origin === undefined ? {} : { origin: route.origin }) }),
  })
  reasons.push(explainHost(table, seen, head.authority))
  if (decision.kind === 'route') reasons.push(reasonOf('route', routeTitle(decision.route), decision.route.origin, misses))
  else if (decision.code === REGEX_WORK_EXCEEDED)
    reasons.push(reasonOf('route', 'path or headers are too long for the regular expressions of the host (431, DPE)', seen?.origin, misses))
  else if (seen !== undefined) reasons.push(reasonOf('route', `no route of ${seen.name} matches (404, NR)`, seen.origin, misses))
  return decision
}

function explainHost({ table }: CompiledTable, host: VirtualHost | undefined, authority: string): Reason {
  if (host !== undefined) return reasonOf('host', `${authority} belongs to ${host.name}`, host.origin)
  const near = table.hosts.flatMap((it) =>
    it.domains
      .filter((domain) => isNear(domain, authority))
      .map((domain): NearMiss => ({
        what: domain,
        why: `${authority} is not ${domain}`,
        ...(it.origin === undefined ? {} : { origin: it.origin }),
      })),
  )
  return reasonOf('host', `no host of ${table.name} takes ${authority} (404, NR)`, undefined, near.slice(0, 5))
}

/** Same first label, or same but for the port. */
function isNear(domain: string, authority: string): boolean {
  const label = (name: string): string => /^[^.:]*/.exec(name)?.[0] ?? name
  return label(domain) === label(authority)
}

function routeTitle(route: Route): string {
  const { path, headers, query } = route.match
  const parts = [`path ${path.kind} ${path.value}`]
  for (const { name, value, invert } of headers)
    parts.push(`${invert === true ? 'not ' : ''}${name} ${value.kind}${value.kind === 'present' ? '' : ` ${value.value}`}`)
  for (const { name, value } of query) parts.push(`?${name} ${value.kind}${value.kind === 'present' ? '' : ` ${value.value}`}`)
  return `${route.name === '' ? 'route' : `route ${route.name}`} (${parts.join(', ')})`
}
