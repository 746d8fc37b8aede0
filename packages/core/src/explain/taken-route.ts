import type { Origin } from '../config/origin.ts'
import type { Reason, RouteDecision } from '../engine/decision.ts'
import type { RequestHead } from '../engine/request.ts'
import type { CompiledTable } from '../engine/route/route-matcher.ts'
import { same } from '../engine/same.ts'
import type { VirtualHost } from '../view/route.ts'
import { reasonOf } from './reason.ts'

export interface TakenRoute {
  readonly table: CompiledTable | undefined
  readonly head: RequestHead
  readonly taken: Origin
  readonly reasons: Reason[]
}

/** The route of the request's host that stands at this place; undefined when there is none. For calls that happened: what chose it is not kept. */
export function takenRoute({ table, head, taken, reasons }: TakenRoute): RouteDecision | undefined {
  let host: VirtualHost | undefined
  table?.walk(head, { host: (found) => (host = found), miss: () => undefined })
  const route = host?.routes.find(({ origin }) => origin !== undefined && same(origin, taken))
  if (table === undefined || host === undefined || route === undefined) return undefined
  reasons.push(reasonOf('host', `${head.authority} belongs to ${host.name}`, host.origin))
  reasons.push(reasonOf('route', `${route.name === '' ? 'the route' : `route ${route.name}`} that was taken`, route.origin))
  return { kind: 'route', table: table.table, host, route }
}
