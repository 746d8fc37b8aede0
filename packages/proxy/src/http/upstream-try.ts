import type { MeshError } from '@mesh/core/error'
import { NO_HOST } from '@mesh/core/outlier'
import type { Cluster, Endpoint } from '@mesh/core/view'
import type { ConnError } from '@mesh/io'
import type { ReplyHead, TrailerField } from '@mesh/wire'
import type { Acquired, ClusterPool } from '../pool/cluster-pool.ts'
import type { EndpointPool } from '../pool/endpoint-pool.ts'
import { tellConnected, tellFailure, tellReply, tellTimeout } from '../pool/outlier-results.ts'
import { loopsBack } from '../pool/loop.ts'
import type { Lane, LaneEvents, LaneWaiter, Loss } from '../pool/lane.ts'
import { spokenFor, type Spoken } from '../pool/spoken.ts'
import { isGrpc } from './grpc-reply.ts'
import { OUTBOX } from './outbox.ts'
import { upgradeFault } from './web-socket.ts'
import { askedPlace } from './asked-place.ts'
import type { Exchange } from './exchange.ts'
import {
  connectError,
  loopError,
  nameError,
  overflowError,
  plainTextError,
  protocolError,
  refusedError,
  lostError,
  resetError,
  securityError,
} from './upstream-error.ts'

/** One try of a call at one endpoint: gets a connection, sends the request, reads the reply. */
export class UpstreamTry implements LaneWaiter, LaneEvents {
  reply: ReplyHead | undefined
  endpoint: Endpoint | undefined
  lane: Lane | undefined
  readonly #exchange: Exchange
  readonly #reuse: boolean
  #cluster: ClusterPool | undefined
  #pool: EndpointPool | undefined
  #cancel: (() => void) | undefined
  #phase: 'connecting' | 'open' | 'over' = 'connecting'
  #requestSent = false
  #replyDone = false
  #answered = false
  /** The connection served others before this call. */
  #served = false
  #paused = false
  #dismissed = false

  /** `reuse`: a connection that served before may be taken. */
  constructor(exchange: Exchange, reuse: boolean) {
    this.#exchange = exchange
    this.#reuse = reuse
  }

  /** Whether it went over a connection that had served before and nothing came back. */
  get stale(): boolean {
    return !this.#answered && this.#served
  }

  /** Whether its connection was about to end, and the upstream says that it did nothing with the request. */
  get dismissed(): boolean {
    return this.#dismissed
  }

  begin(): void {
    const { call, context } = this.#exchange
    const cluster = call.cluster?.cluster
    const endpoint = cluster === undefined ? undefined : endpointOf(cluster, call.endpoint, this.#exchange)
    if (cluster === undefined) throw new Error('a call is to be sent, but not told where')
    if (endpoint === undefined) return this.#fail(nameError(this.#exchange.call.originalAuthority))
    this.endpoint = endpoint
    if (cluster.discovery.kind === 'original-dst' && this.#exchange.request.scheme === 'https')
      return this.#fail(plainTextError(`${endpoint.address}:${endpoint.port}`))
    const pool = context.pools.cluster(cluster)
    if (!pool.begin()) return this.#fail(overflowError())
    this.#cluster = pool
    if (cluster.discovery.kind === 'static' || cluster.discovery.kind === 'eds') this.#open(pool.pool(endpoint, this.#spoken(cluster)))
    else this.#lookup(pool, endpoint)
  }

  /** Sends bytes of the body; false while there is no connection, so that they must be kept. */
  sendBody(lent: Uint8Array): boolean {
    if (this.#phase !== 'open' || this.lane === undefined) return this.#phase === 'over'
    this.lane.body(lent)
    return true
  }

  endBody(): void {
    if (this.#phase !== 'open' || this.lane === undefined) return
    this.lane.end(this.#exchange.requestTrailers)
    this.#requestSent = true
    this.#settle()
  }

  /** The client takes more of the reply again. */
  resume(): void {
    if (!this.#paused) return
    this.#paused = false
    this.lane?.resume()
  }

  /** The client takes no more of the reply for now. */
  pause(): void {
    if (this.#phase !== 'open') return
    this.#paused = true
    this.lane?.pause()
  }

  /** The reply is not wanted any more. */
  abandon(): void {
    if (this.#phase === 'over') return
    this.#over()
    this.#cancel?.()
    this.lane?.abandon()
  }

  /** The call is over: a clean connection goes back to its pool, another one closes. */
  close(): void {
    if (!this.#settle()) this.abandon()
  }

  /** The time for a reply is over; nobody can answer who was not yet asked all. */
  timedOut(): void {
    if (this.#phase === 'open' && this.#requestSent && this.reply === undefined && this.#pool !== undefined) tellTimeout(this.#pool)
  }

  onLane(lane: Lane): void {
    if (this.#phase !== 'connecting') return lane.abandon()
    const exchange = this.#exchange
    this.#cancel = undefined
    this.#phase = 'open'
    this.lane = lane
    this.#served = lane.served > 0
    if (this.#pool !== undefined && this.#pool.host !== NO_HOST) tellConnected(this.#pool)
    lane.begin(exchange.request, exchange.keptBody, this)
    this.#requestSent = exchange.requestDone
    if (this.#requestSent) lane.end(exchange.requestTrailers)
    if (!exchange.sink.reading) OUTBOX.flush()
    exchange.onSent()
  }

  onLaneFailed(error: ConnError | undefined): void {
    this.#fail(connectError(error))
  }

  onLost(error: ConnError | undefined, how: Loss): void {
    this.#dismissed = how === 'dismissed'
    this.#fail(how === 'closed' ? lostError(error) : how === 'reset' ? resetError() : refusedError())
  }

  onDrain(): void {
    this.#exchange.sink.resumeRequest()
  }

  onHead(reply: ReplyHead): void {
    if (this.#phase !== 'open') return
    this.#answered = true
    if (reply.interim) return this.#exchange.onInterim(reply)
    const fault = upgradeFault(this.#exchange.request, reply)
    if (fault !== undefined) return this.onMalformed(fault)
    this.reply = reply
    if (reply.status >= 500 && this.#pool !== undefined) this.#pool.errors++
    if (this.#pool !== undefined && this.#pool.host !== NO_HOST) this.#tell(this.#pool, reply)
    this.#exchange.onReplyHead(this, reply)
  }

  onBody(lent: Uint8Array): void {
    this.#exchange.onReplyBody(this, lent)
  }

  onEnd(trailers: readonly TrailerField[]): void {
    this.#replyDone = true
    this.#exchange.onReplyEnd(this, trailers)
    this.#settle()
  }

  onShort(): void {
    this.#exchange.sink.pauseRequest()
  }

  onMalformed(code: string): void {
    const { counters } = this.#exchange.context
    counters.upstreamProtocolErrors++
    this.#fail(protocolError(code))
  }

  #tell(pool: EndpointPool, reply: ReplyHead): void {
    const grpcStatus = reply.header('grpc-status')
    tellReply(pool, reply.status, grpcStatus !== undefined && isGrpc(this.#exchange.request) ? grpcStatus : undefined)
  }

  #lookup(pool: ClusterPool, endpoint: Endpoint): void {
    const stop = this.#exchange.context.pools.names.lookup(endpoint.address, (address) => {
      if (this.#phase !== 'connecting') return
      if (address === undefined) this.#fail(nameError(endpoint.address))
      else this.#open(pool.poolAt(endpoint, address, this.#spoken(pool.cluster)))
    })
    if (this.#pool === undefined && this.#phase === 'connecting') this.#cancel = stop
  }

  #spoken(cluster: Cluster): Spoken {
    return spokenFor(cluster, this.#exchange.request)
  }

  #open(pool: EndpointPool): void {
    this.#pool = pool
    pool.active++
    pool.requests++
    const idle = this.#reuse ? pool.take() : undefined
    if (idle !== undefined) return this.onLane(idle)
    const { context, chain } = this.#exchange
    const to = { address: pool.address, port: pool.endpoint.port, direction: chain.plan.listener.direction }
    if (loopsBack(context, to)) return this.#fail(loopError(`${to.address}:${to.port}`))
    const acquired = pool.cluster.acquire(pool, this)
    if (acquired.kind === 'waiting') this.#cancel = acquired.cancel
    else this.#fail(refusal(acquired))
  }

  #fail(error: MeshError): void {
    if (this.#phase === 'over') return
    if (this.#pool !== undefined) {
      if (this.reply === undefined) this.#pool.errors++
      // The server may close a kept connection whenever it likes.
      if (!this.stale || error.flag !== 'UC') tellFailure(this.#pool, error)
    }
    this.#over()
    this.#cancel?.()
    this.lane?.abandon()
    this.#exchange.onTryFailed(this, error)
  }

  /** Both messages are complete: the lane is free. */
  #settle(): boolean {
    if (this.#phase !== 'open' || !this.#replyDone || !this.#requestSent || this.lane === undefined) return this.#phase === 'over'
    this.resume()
    this.#over()
    this.lane.settle()
    return true
  }

  #over(): void {
    this.#phase = 'over'
    this.#cluster?.end()
    this.#cluster = undefined
    if (this.#pool !== undefined) this.#pool.active--
  }
}

function refusal(acquired: Exclude<Acquired, { kind: 'waiting' }>): MeshError {
  return acquired.kind === 'overflow' ? overflowError() : securityError(acquired.why)
}

function endpointOf(cluster: Cluster, picked: Endpoint | undefined, exchange: Exchange): Endpoint | undefined {
  if (cluster.discovery.kind !== 'original-dst') return picked
  const place = askedPlace(exchange.call.originalAuthority)
  return place === undefined ? undefined : { address: place.host, port: place.port, weight: 1, healthy: true }
}
