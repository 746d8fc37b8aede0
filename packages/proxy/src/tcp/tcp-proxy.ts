import type { ClusterState, Engine } from '@mesh/core/engine'
import type { ResponseFlag } from '@mesh/core/error'
import type { Listener } from '@mesh/core/view'
import type { Conn, ConnError, ConnHandler, Timer } from '@mesh/io'
import type { AskedPlace } from '../http/asked-place.ts'
import type { LiveConn } from '../listen/bound-listener.ts'
import { concat, NO_BYTES } from '../listen/bytes.ts'
import type { Downstream } from '../listen/downstream.ts'
import type { TcpFacts } from '../observe/observer.ts'
import { openUpstream, type OpenedUpstream } from './open-upstream.ts'
import { startRelay, type Relay, type RelayEnd } from './relay.ts'

/** What a TCP connection is to do. */
export interface TcpPlan {
  readonly listener: Listener
  readonly engine: Engine
  readonly clusters: readonly { readonly cluster: string; readonly weight: number }[]
  /** 0: none. */
  readonly idleTimeoutMs: number
  /** How long a connection may live at most. */
  readonly maxConnectionDurationMs?: number | undefined
  readonly accessLog: boolean
  /** For an `original-dst` cluster. */
  readonly asked?: AskedPlace
  /** Of the CONNECT that asked for it. */
  readonly requestId?: string
  /** Asked again whenever policy changes. */
  readonly permitted: () => boolean
  /** The upstream is there; answers what the client had sent so far. */
  readonly onOpen: () => Uint8Array
  /** There is no upstream; without it the connection is reset. */
  readonly onFailed?: (flag: ResponseFlag, details: string) => void
}

/** Carries bytes between a client and an endpoint of a cluster until one end is done. */
export function startTcp(downstream: Downstream, plan: TcpPlan): void {
  new TcpProxy(downstream, plan).begin()
}

class TcpProxy implements ConnHandler, LiveConn {
  readonly #downstream: Downstream
  readonly #plan: TcpPlan
  readonly #startMs: number
  /** Where it is to go. */
  readonly #cluster: string | undefined
  /** Came after the connection was paused. */
  #late: Uint8Array = NO_BYTES
  #relay: Relay | undefined
  #upstream: OpenedUpstream | undefined
  #cancel: (() => void) | undefined
  #lifetime: Timer | undefined
  #clientEnded = false
  #over = false

  constructor(downstream: Downstream, plan: TcpPlan) {
    this.#downstream = downstream
    this.#plan = plan
    this.#startMs = downstream.context.env.now()
    this.#cluster = pickWeighted(plan.clusters, downstream.context.env.chance())
  }

  begin(): void {
    const { conn, context } = this.#downstream
    const { engine, listener, asked, maxConnectionDurationMs: maxMs } = this.#plan
    conn.handler = this
    conn.pause()
    this.#downstream.become(this)
    context.counters.tcpConnections++
    context.counters.tcpActive++
    if (maxMs !== undefined) this.#lifetime = context.io.timers.arm(maxMs, () => this.#expire())
    this.#cancel = openUpstream({
      context,
      engine,
      direction: listener.direction,
      cluster: this.#cluster,
      ...(asked === undefined ? {} : { asked }),
      onOpen: (upstream) => this.#opened(upstream),
      onFailed: (flag, details, failure) => this.#failed({ flag, details, failure }),
    })
  }

  onData(_conn: Conn, lent: Uint8Array): void {
    this.#late = concat(this.#late, lent)
  }

  onEnd(): void {
    this.#clientEnded = true
  }

  onClose(): void {
    this.#finish({ flag: 'DC', details: 'downstream_remote_disconnect' })
  }

  /** A new policy applies to what is already connected. */
  rejudge(): void {
    if (this.#plan.permitted()) return
    this.#downstream.context.counters.revokedConnections++
    this.abort()
  }

  drain(): void {}

  abort(): void {
    if (this.#relay === undefined) this.#finish({ flag: 'LR', details: 'connection_revoked' })
    else this.#relay.abort()
  }

  sweep(): void {}

  #opened(upstream: OpenedUpstream): void {
    const { conn, context } = this.#downstream
    this.#cancel = undefined
    this.#upstream = upstream
    const early = this.#plan.onOpen()
    context.observer.tcpOpened(this.#facts())
    this.#relay = startRelay({
      io: context.io,
      client: conn,
      server: upstream.conn,
      idleMs: this.#plan.idleTimeoutMs,
      halfClose: true,
      bytesForward: early.length + this.#late.length,
      onDone: (end) => this.#ended(end),
    })
    for (const bytes of [early, this.#late]) if (bytes.length > 0) upstream.conn.write(bytes)
    if (this.#clientEnded) this.#relay.clientEnded()
    conn.resume()
  }

  #expire(): void {
    this.#downstream.context.counters.tcpMaxDuration++
    if (this.#relay === undefined) this.#finish(EXPIRED)
    else this.#relay.expire()
  }

  #ended({ kind, error }: RelayEnd): void {
    const { counters } = this.#downstream.context
    if (kind === 'idle') counters.tcpIdleTimeouts++
    const outcome: Record<RelayEnd['kind'], Outcome> = {
      ended: { details: '' },
      idle: { flag: 'SI', details: 'idle_timeout' },
      expired: EXPIRED,
      aborted: { flag: 'LR', details: 'connection_revoked' },
      'client-failed': { flag: 'DC', details: 'downstream_remote_disconnect' },
      'server-failed': { flag: 'UC', details: 'upstream_reset', failure: error },
    }
    this.#finish(outcome[kind])
  }

  #failed(outcome: Outcome): void {
    if (this.#over || outcome.flag === undefined || this.#plan.onFailed === undefined) return this.#finish(outcome)
    this.#record(outcome)
    this.#plan.onFailed(outcome.flag, outcome.details)
  }

  #finish(outcome: Outcome): void {
    if (this.#over) return
    const { conn } = this.#downstream
    if (this.#relay === undefined) conn.reset()
    this.#record(outcome)
    this.#downstream.ended()
  }

  #record({ flag, details, failure }: Outcome): void {
    this.#over = true
    this.#cancel?.()
    this.#lifetime?.cancel()
    this.#upstream?.release()
    const { counters, env, observer } = this.#downstream.context
    counters.tcpActive--
    observer.tcpClosed(this.#facts(), {
      flags: flag === undefined ? [] : [flag],
      details,
      cause: flag === 'UH' || flag === 'UO' ? this.#state?.cluster.origin : undefined,
      transportFailure: failure?.message,
      bytesReceived: this.#relay?.bytesForward ?? 0,
      bytesSent: this.#relay?.bytesBack ?? 0,
      durationMs: env.now() - this.#startMs,
    })
  }

  #facts(): TcpFacts {
    const { listener, engine, accessLog, requestId } = this.#plan
    return { downstream: this.#downstream, listener, engine, accessLog, requestId, cluster: this.#cluster, upstream: this.#upstream }
  }

  get #state(): ClusterState | undefined {
    return this.#cluster === undefined ? undefined : this.#plan.engine.cluster(this.#cluster)
  }
}

interface Outcome {
  readonly flag?: ResponseFlag
  readonly details: string
  readonly failure?: ConnError | undefined
}

const EXPIRED: Outcome = { flag: 'DT', details: 'max_connection_duration_reached' }

/** The share that chance picks. */
export function pickWeighted(
  clusters: readonly { readonly cluster: string; readonly weight: number }[],
  chance: number,
): string | undefined {
  const total = clusters.reduce((sum, { weight }) => sum + weight, 0)
  let at = chance * total
  for (const { cluster, weight } of clusters) {
    at -= weight
    if (at < 0) return cluster
  }
  return clusters.at(-1)?.cluster
}
