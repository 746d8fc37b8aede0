import { newCall } from '../call/new-call.ts'
import { answerHere } from '../call/stages/answer-here.ts'
import { headers as headersStage } from '../call/stages/headers.ts'
import { rewrite as rewriteStage } from '../call/stages/rewrite.ts'
import { PlainHead } from '../call/plain-head.ts'
import type { CallEnv } from '../call/call.ts'
import type { Reason } from '../engine/decision.ts'
import type { HttpFilterChain, Listener } from '../view/listener.ts'
import type { Forward, Route, WeightedCluster } from '../view/route.ts'
import { explainEndpoints } from './explain-endpoints.ts'
import { explainResilience } from './explain-resilience.ts'
import type { Explanation, Question, Share } from './question.ts'
import { reasonOf } from './reason.ts'

export interface Matched {
  readonly question: Question
  readonly listener: Listener
  readonly filter: HttpFilterChain
  readonly head: PlainHead
  readonly route: Route
  readonly reasons: Reason[]
}

/** Tells what a route does: answers here, or to which shares it forwards and what each endpoint would say. */
export function explainDestinations(matched: Matched): Explanation {
  const { route, reasons } = matched
  const { action } = route
  if (action.kind !== 'forward') {
    const reply = answerHere(callFor(matched, undefined), route, action)
    const where = reply.headers?.find(([name]) => name === 'location')?.[1]
    reasons.push(reasonOf('route', `answered by the proxy: ${reply.status}${where === undefined ? '' : ` to ${where}`}`, route.origin))
    return { reasons, outcome: { kind: 'reply', status: reply.status, flag: '-', details: reply.details, route } }
  }
  const { fault, timeoutMs, tries } = explainResilience(route, action, reasons)
  const shares = explainShares(matched, action)
  const blocked = shares.every(({ cluster }) => cluster?.cluster.discovery.kind === 'blackhole')
  if (blocked) return { reasons, outcome: { kind: 'reply', status: 502, flag: '-', details: 'direct_response', route } }
  return { reasons, outcome: { kind: 'forward', route, shares, timeoutMs, tries, ...(fault === undefined ? {} : { fault }) } }
}

function explainShares(matched: Matched, { clusters }: Forward): readonly Share[] {
  const { question, reasons } = matched
  const total = clusters.reduce((sum, { weight }) => sum + weight, 0)
  return clusters.map((target): Share => {
    const percent = total === 0 ? 0 : (target.weight / total) * 100
    const cluster = question.engine.cluster(target.cluster)
    const lost = cluster === undefined ? ', which this proxy does not know (503, NC)' : ''
    reasons.push(
      reasonOf('cluster', `${Number(percent.toFixed(4))} % to ${target.cluster}${lost}`, target.origin ?? cluster?.cluster.origin),
    )
    const endpoints = cluster === undefined ? [] : explainEndpoints({ question, cluster, head: headFor(matched, target), reasons })
    return { target, percent, cluster, endpoints }
  })
}

/** The head as this share would see it: the very stages of the request path edit it. */
function headFor(matched: Matched, target: WeightedCluster): PlainHead {
  const call = callFor(matched, target)
  headersStage.onHead?.(call)
  rewriteStage.onHead?.(call)
  return call.request as PlainHead
}

function callFor({ question, listener, filter, head, route }: Matched, target: WeightedCluster | undefined) {
  const { engine, self } = question
  const plan = { engine, listener, filter, routes: engine.table(filter.routes), authorizer: engine.authorizer(filter) }
  const request = new PlainHead({
    method: head.method,
    scheme: head.scheme,
    authority: head.authority,
    path: head.path,
    headers: head.entries(),
  })
  const peer = { address: self.address, port: 0, localAddress: listener.address, localPort: listener.port }
  const call = newCall({ env: STILL, plan, peer, request, hasBody: false })
  call.route = route
  call.target = target
  call.forward = route.action.kind === 'forward' ? route.action : undefined
  return call
}

/** No time passes and nothing is left to chance while a question is answered. */
const STILL: CallEnv = {
  now: () => 0,
  wallClock: () => 0,
  chance: () => 0,
  randomHex: (bytes) => '0'.repeat(bytes * 2),
  randomUuid: () => '00000000-0000-4000-8000-000000000000',
  balancer: { pick: () => undefined },
}
