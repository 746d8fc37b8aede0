import type { Route } from '../view/route.ts'
import type { ChainPlan } from './call.ts'
import type { Stage } from './stage.ts'
import { authorize } from './stages/authorize.ts'
import { deadline, deadlineAsAsked } from './stages/deadline.ts'
import { destination } from './stages/destination.ts'
import { faultAbort, faultDelay } from './stages/fault.ts'
import { headers } from './stages/headers.ts'
import { normalise } from './stages/normalise.ts'
import { pick, pickAndCount } from './stages/pick.ts'
import { freshRequestId, keepRequestId } from './stages/request-id.ts'
import { retry } from './stages/retry.ts'
import { rewrite } from './stages/rewrite.ts'
import { route } from './stages/route.ts'
import { sanitiseEdge, sanitiseInbound, sanitiseOutbound } from './stages/sanitise.ts'
import { traceStage } from './stages/trace.ts'
import { tryDeadline } from './stages/try-deadline.ts'

/** The request path of a chain, in order. What has nothing to do on this chain is not in the list. */
export function standardStages(plan: ChainPlan): readonly Stage[] {
  const { filter, listener } = plan
  const inbound = listener.direction === 'inbound'
  const routes = plan.routes?.table.hosts.flatMap((host) => host.routes) ?? []
  return [
    // What the caller wrote that only the mesh may say goes first, before anything reads it.
    filter.edge ? sanitiseEdge : inbound ? sanitiseInbound : sanitiseOutbound,
    // Before the first stage that refuses: whoever is refused is told an id.
    filter.edge ? freshRequestId : keepRequestId,
    // One path for routing, authorization and upstream.
    normalise,
    filter.tracing === undefined ? undefined : traceStage(filter.tracing.samplePartsPerMillion),
    // Nobody learns about routes who may not ask.
    plan.authorizer.empty ? undefined : authorize,
    route,
    // One share of a split for all tries.
    destination,
    routes.some((it) => it.fault?.delay !== undefined) ? faultDelay : undefined,
    routes.some((it) => it.fault?.abort !== undefined) ? faultAbort : undefined,
    // Behind the injected delay, which does not count against the timeout (as in Envoy).
    inbound || filter.edge ? (routes.some(hasTimeout) ? deadline : undefined) : deadlineAsAsked,
    routes.some(editsHeaders) ? headers : undefined,
    // Behind all decisions about path and authority.
    routes.some((it) => it.action.kind === 'forward' && it.action.rewrite !== undefined) ? rewrite : undefined,
    routes.some(retries) ? retry : undefined,
    // From here on once per try.
    routes.some((it) => tryMs(it) > 0) ? tryDeadline : undefined,
    inbound ? pick : pickAndCount,
  ].filter((stage) => stage !== undefined)
}

function hasTimeout(route: Route): boolean {
  return route.timeoutMs > 0 || tryMs(route) > 0
}

function tryMs({ action }: Route): number {
  return action.kind === 'forward' ? (action.retry?.perTryTimeoutMs ?? 0) : 0
}

function retries({ action }: Route): boolean {
  return action.kind === 'forward' && (action.retry?.attempts ?? 0) > 0
}

function editsHeaders({ action, requestHeaders, responseHeaders }: Route): boolean {
  if (requestHeaders !== undefined || responseHeaders !== undefined) return true
  return (
    action.kind === 'forward' &&
    action.clusters.some((target) => target.requestHeaders !== undefined || target.responseHeaders !== undefined)
  )
}
