import { signReply, type LocalReply } from '@mesh/core/call'
import type { Origin } from '@mesh/core/config'
import type { ClusterState, RequestHead } from '@mesh/core/engine'
import type { ResponseFlag } from '@mesh/core/error'
import type { Downstream } from '../listen/downstream.ts'
import type { HttpChain } from '../state/listener-plan.ts'
import { pickWeighted, startTcp } from '../tcp/tcp-proxy.ts'
import { askedPlace } from './asked-place.ts'
import type { ClientTunnel } from './reply-sink.ts'

/** What a CONNECT asks of its connection. */
export interface ConnectSink {
  readonly downstream: Downstream
  /** Answers and closes. */
  refuse(reply: LocalReply): void
  /** Answers 200; the bytes that follow are requests for the same listener. */
  serveInside(): void
  /** Answers 200, and gives the connection away with what came behind the request. */
  takeOver(): Pick<ClientTunnel, 'early'>
}

/**
 * CONNECT on a forward proxy: towards a service whose port is HTTP the inner requests are routed like all others;
 * everything else is carried as it is, to where the outbound policy allows it.
 */
export function startConnect(sink: ConnectSink, chain: HttpChain, request: RequestHead): void {
  const { downstream } = sink
  const given = chain.filter.edge ? undefined : request.header('x-request-id')
  const id = given ?? downstream.context.env.randomUuid()
  const refuse = (reply: LocalReply): void =>
    sink.refuse(downstream.context.observer.refused(downstream, reply, { id, method: 'CONNECT', authority: request.authority, path: '-' }))
  const asked = chain.filter.forwardProxy ? askedPlace(request.authority, 443) : undefined
  if (asked === undefined) return refuse(refusal(405, undefined, 'connect_not_supported', 'CONNECT is not supported here.'))
  const target = targetOf(chain, request, downstream)
  if (target.kind === 'refused') return refuse(target.reply)
  if (!isOpaque(target.state)) return sink.serveInside()
  const { listener, engine } = chain.plan
  const { cluster } = target.state
  startTcp(downstream, {
    listener,
    engine,
    clusters: [{ cluster: cluster.name, weight: 1 }],
    idleTimeoutMs: cluster.idleTimeoutMs ?? downstream.context.limits.tcpIdleMs,
    maxConnectionDurationMs: cluster.maxConnectionDurationMs,
    accessLog: chain.filter.accessLog,
    asked,
    requestId: id,
    permitted: () => stillPermitted(downstream, request, target.state),
    onOpen: () => sink.takeOver().early,
    onFailed: (flag, details) => sink.refuse(signReply(refusal(503, flag, details, 'The destination cannot be reached.'), id)),
  })
}

type Target = { readonly kind: 'refused'; readonly reply: LocalReply } | { readonly kind: 'cluster'; readonly state: ClusterState }

function targetOf({ plan }: HttpChain, request: RequestHead, { peer, context }: Downstream): Target {
  const decision = plan.routes?.route(rootOf(request), peer)
  if (decision?.kind !== 'route') return refused(NO_ROUTE, decision?.host?.origin)
  const { action, origin } = decision.route
  if (action.kind === 'respond') return refused({ ...UNKNOWN_HOST, status: action.status }, origin)
  if (action.kind === 'redirect') return refused(NOT_REDIRECTED, origin)
  const name = pickWeighted(action.clusters, context.env.chance())
  const state = name === undefined ? undefined : plan.engine.cluster(name)
  if (state === undefined) return refused(NO_CLUSTER, origin)
  if (state.cluster.discovery.kind === 'blackhole') return refused(UNKNOWN_HOST, origin)
  return { kind: 'cluster', state }
}

const NO_ROUTE = refusal(404, 'NR', 'route_not_found', 'The mesh has no route to this host.')
const NOT_REDIRECTED = refusal(404, 'NR', 'route_not_found', 'A tunnel cannot be redirected.')
const NO_CLUSTER = refusal(503, 'NC', 'cluster_not_found', 'The destination of this route does not exist.')
const UNKNOWN_HOST = refusal(502, undefined, 'direct_response', 'The mesh does not let this workload call hosts that it does not know.')

/** A later policy may forbid what an earlier one let through. */
function stillPermitted(downstream: Downstream, request: RequestHead, before: ClusterState): boolean {
  const { chain } = downstream
  if (chain?.kind !== 'http' || !downstream.permitted) return false
  const target = targetOf(chain, request, downstream)
  return target.kind === 'cluster' && isOpaque(target.state) && target.state.cluster.discovery.kind === before.cluster.discovery.kind
}

function isOpaque({ cluster }: ClusterState): boolean {
  return cluster.protocol === 'tcp' || cluster.discovery.kind === 'original-dst'
}

function refused(reply: LocalReply, cause: Origin | undefined): Target {
  return { kind: 'refused', reply: { ...reply, cause } }
}

function refusal(status: number, flag: ResponseFlag | undefined, details: string, body: string): LocalReply {
  return { status, flag, details, body, close: true }
}

/** CONNECT has no path; it is routed like a request for the root of its host. */
function rootOf(request: RequestHead): RequestHead {
  const { authority } = request
  return {
    method: 'CONNECT',
    scheme: 'http',
    authority,
    path: '/',
    header: (name) => request.header(name),
    values: (name) => request.values(name),
  }
}
