import { PlainHead } from '../call/plain-head.ts'
import { normalisePath } from '../call/path/normalise-path.ts'
import { REGEX_WORK_EXCEEDED, type Reason } from '../engine/decision.ts'
import type { Peer } from '../engine/request.ts'
import type { FilterChain, HttpFilterChain, Listener } from '../view/listener.ts'
import { explainDestinations } from './explain-destinations.ts'
import { explainRoute } from './explain-route.ts'
import type { Explanation, Question } from './question.ts'
import { reasonOf } from './reason.ts'
import { takenRoute } from './taken-route.ts'

/** Answers what would happen to a request, by running the engine and writing down each step. */
export function explain(question: Question): Explanation {
  const url = readUrl(question.url)
  if (url === undefined) return refused([], 400, 'DPE', `${question.url} is no absolute http or https URL.`)
  const found = findChain(question, url.port)
  if (found === undefined) return refused([], 404, 'NR', `Nothing listens for ${question.url} at ${question.self.name}.`)
  const { listener, chain, filter } = found
  const reasons: Reason[] = [reasonOf('listener', describeListener(listener), chain.origin ?? listener.origins[0])]
  const path = normalisePath(url.path, filter.pathNormalization)
  if (path === undefined) return refused(reasons, 400, '-', 'The path is malformed.', 'path_normalization_failed')
  const head = new PlainHead({
    method: question.method.toUpperCase(),
    scheme: url.scheme,
    authority: url.authority,
    path,
    ...(question.headers === undefined ? {} : { headers: question.headers }),
  })
  const table = question.engine.table(filter.routes)
  const taken = question.taken === undefined ? undefined : takenRoute({ table, head, taken: question.taken, reasons })
  const denied = taken === undefined ? explainOwnPolicies(question, found, head, reasons) : undefined
  if (denied !== undefined) return denied
  const walk = taken ?? explainRoute(table, head, reasons)
  if (walk.kind === 'none') {
    const status = walk.code === REGEX_WORK_EXCEEDED ? 431 : 404
    return { reasons, outcome: { kind: 'reply', status, flag: walk.flag, details: walk.code } }
  }
  return explainDestinations({ question, listener, filter, head, route: walk.route, reasons })
}

interface FoundChain {
  readonly listener: Listener
  readonly chain: FilterChain
  readonly filter: HttpFilterChain
}

function findChain({ engine, listener: name }: Question, port: number): FoundChain | undefined {
  const candidates = engine.view.listeners.filter((listener) => {
    if (name !== undefined) return listener.name === name
    return listener.direction === 'outbound' ? isForwardProxy(listener) : listener.direction === 'gateway' && listener.port === port
  })
  const gateways = engine.view.listeners.filter((listener) => name === undefined && listener.direction === 'gateway')
  for (const listener of [...candidates, ...gateways]) {
    for (const chain of listener.chains) if (chain.filter.kind === 'http') return { listener, chain, filter: chain.filter }
  }
  return undefined
}

function isForwardProxy({ chains }: Listener): boolean {
  return chains.some(({ filter }) => filter.kind === 'http' && filter.forwardProxy)
}

function describeListener({ name, address, port, direction }: Listener): string {
  return `${direction} listener ${name} at ${address.includes(':') ? `[${address}]` : address}:${port}`
}

/** Policies of the chain that takes the request first: those of a gateway. */
function explainOwnPolicies(
  { engine, self }: Question,
  { listener, filter }: FoundChain,
  head: PlainHead,
  reasons: Reason[],
): Explanation | undefined {
  const authorizer = engine.authorizer(filter)
  if (authorizer.empty) return undefined
  const peer: Peer = { address: self.address, port: 0, localAddress: listener.address, localPort: listener.port }
  const decision = authorizer.authorize(head, peer)
  reasons.push(
    reasonOf(
      'authorize',
      decision.allowed ? `allowed at ${self.name}` : `denied at ${self.name}: ${decision.code}`,
      decision.policy?.origin,
    ),
  )
  if (decision.allowed) return undefined
  return { reasons, outcome: { kind: 'reply', status: 403, flag: '-', details: decision.code } }
}

function refused(reasons: Reason[], status: number, flag: string, why: string, details = 'not_understood'): Explanation {
  return { reasons: [...reasons, reasonOf('listener', why)], outcome: { kind: 'reply', status, flag, details } }
}

interface ReadUrl {
  readonly scheme: string
  readonly authority: string
  readonly path: string
  readonly port: number
}

function readUrl(url: string): ReadUrl | undefined {
  const [, scheme, authority, target = ''] = /^(https?):\/\/([^/?#\s]+)([^\s#]*)$/i.exec(url) ?? []
  if (scheme === undefined || authority === undefined) return undefined
  const port = /:(\d{1,5})$/.exec(authority)?.[1]
  const lower = scheme.toLowerCase()
  return {
    scheme: lower,
    authority,
    path: target.startsWith('/') ? target : `/${target}`,
    port: port === undefined ? (lower === 'https' ? 443 : 80) : Number(port),
  }
}
