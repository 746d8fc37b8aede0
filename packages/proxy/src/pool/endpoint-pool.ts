import { NO_HOST, type Detector } from '@mesh/core/outlier'
import type { Endpoint } from '@mesh/core/view'
import type { ConnError } from '@mesh/io'
import { isMeshHop } from '../h2/mesh-hop.ts'
import type { ClusterPool } from './cluster-pool.ts'
import { H1Lane } from './h1-lane.ts'
import { H2Speech } from './h2-speech.ts'
import type { Lane } from './lane.ts'
import type { LaneWait } from './lane-wait.ts'
import type { Spoken } from './spoken.ts'
import type { PooledConn } from './pooled-conn.ts'

export interface EndpointPoolInit {
  readonly key: string
  readonly endpoint: Endpoint
  readonly address: string
  readonly protocol: Spoken
  /** Whether a connection will carry many calls at once, as far as that is known before there is one. */
  readonly shares: boolean
}

/** The connections to one endpoint of a cluster. */
export class EndpointPool {
  readonly cluster: ClusterPool
  readonly key: string
  readonly endpoint: Endpoint
  readonly protocol: Spoken
  /** IP literal. */
  readonly address: string
  /** Last used last. */
  readonly idle: H1Lane[] = []
  /** Connections that carry many calls at once. */
  readonly shared: H2Speech[] = []
  readonly conns = new Set<PooledConn>()
  /** Calls under way. */
  active = 0
  /** Whether a connection carries many calls at once; where the ends agree on that, as the latest one did, and until there is one in hope of it. */
  #shares: boolean
  /** How the cluster's detector knows the endpoint; `NO_HOST` where it has none. */
  host = NO_HOST
  #retired = false
  /** Since the endpoint is known: connections begun, connections that failed, calls, and those that failed or got 5xx. */
  connected = 0
  connectFailures = 0
  requests = 0
  errors = 0

  constructor(cluster: ClusterPool, init: EndpointPoolInit) {
    this.cluster = cluster
    this.key = init.key
    this.endpoint = init.endpoint
    this.address = init.address
    this.protocol = init.protocol
    this.#shares = init.shares
  }

  watch(detector: Detector | undefined): void {
    this.host = detector?.hostOf(this.endpoint) ?? NO_HOST
  }

  /** A lane that is free now: the connection that was used last; undefined when there is none that its server still keeps. */
  take(): Lane | undefined {
    const shared = this.shared.find((speech) => speech.available && !this.#wornOut(speech))
    if (shared !== undefined) return shared.lane()
    for (let lane = this.idle.pop(); lane !== undefined; lane = this.idle.pop()) {
      if (this.cluster.now() < lane.keptUntilMs && !this.#wornOut(lane)) return lane
      lane.pooled.discard()
    }
    return undefined
  }

  opened(conn: PooledConn): void {
    this.cluster.connected(conn)
    const shares = speaksH2(conn, this.protocol)
    if (this.protocol === 'auto') this.#shares = shares
    if (shares) return this.#openShared(conn)
    const [first, ...others] = conn.waits.splice(0)
    const lane = new H1Lane(conn)
    conn.speech = lane
    if (first === undefined) this.#park(lane)
    else first.serve(lane)
    for (const other of others) this.cluster.acquireAgain(this, other)
  }

  /** A connection that is being made and that one more call may share, where connections are shared. */
  joinable(): PooledConn | undefined {
    if (!this.#shares) return undefined
    const most = Math.min(MAX_JOINED, this.cluster.cluster.maxConcurrentStreams ?? Infinity)
    for (const conn of this.conns) if (isComing(conn) && conn.waits.length < most) return conn
    return undefined
  }

  /** A shared connection takes calls now. */
  sharedReady(speech: H2Speech): void {
    for (const wait of speech.pooled.waits.splice(0)) {
      if (speech.available) wait.serve(speech.lane())
      else this.cluster.acquireAgain(this, wait)
    }
    if (this.#retired) speech.leave()
    else this.streamFinished(speech)
  }

  /** A stream of a shared connection ended: there may be room for who waits. */
  streamFinished(speech: H2Speech): void {
    if (this.#wornOut(speech)) return speech.leave()
    if (this.cluster.othersNeedOne) return this.cluster.room.leave(speech)
    while (speech.available && this.cluster.serveShared(speech)) continue
  }

  /** A call is over and its connection is clean: both messages were complete and both sides keep it alive. */
  released(lane: H1Lane): void {
    if (this.#wornOut(lane)) lane.pooled.discard()
    else this.#park(lane)
  }

  closed(conn: PooledConn, early: boolean, error: ConnError | undefined): void {
    this.conns.delete(conn)
    this.#forget(conn)
    this.cluster.disconnected(this, { connecting: early, lingers: conn.lingers }, error)
    for (const wait of conn.waits.splice(0)) wait.fail(error)
    conn.speech?.onClose(error)
  }

  spokeUnasked(conn: PooledConn): void {
    this.cluster.counters.upstreamSpokeUnasked++
    conn.discard()
  }

  /** What is idle closes; what is busy is not used again. */
  retire(): void {
    this.#retired = true
    for (const lane of [...this.idle]) lane.pooled.discard()
    for (const speech of [...this.shared]) speech.leave()
    for (const conn of [...this.conns]) if (conn.state === 'connecting' && conn.waits.length === 0) conn.discard()
  }

  sweep(nowMs: number, idleMs: number): void {
    for (let oldest = this.idle[0]; oldest !== undefined && nowMs - oldest.idleSinceMs >= idleMs; oldest = this.idle[0]) {
      this.cluster.counters.upstreamIdleTimeouts++
      oldest.pooled.discard()
    }
    for (const speech of this.shared.filter((one) => one.idle && nowMs - one.idleSinceMs >= idleMs)) {
      this.cluster.counters.upstreamIdleTimeouts++
      speech.pooled.discard()
    }
    for (const lane of this.idle.filter((one) => this.#wornOut(one))) lane.pooled.discard()
    for (const speech of this.shared.filter((one) => this.#wornOut(one))) speech.leave()
  }

  /** The connection that could best be spared. */
  spare(): PooledConn | undefined {
    return this.idle[0]?.pooled ?? this.shared.find((speech) => speech.idle)?.pooled
  }

  /** It has served as many calls as it may, or has been open for as long: it takes no more of them. */
  #wornOut({ served, pooled }: H1Lane | H2Speech): boolean {
    const { counters, cluster } = this.cluster
    if (pooled.worn) return true
    const { maxRequestsPerConnection: maxServed = 0, maxConnectionDurationMs: maxMs = Infinity } = cluster
    const tired = maxServed > 0 && served >= maxServed
    if (tired) counters.upstreamMaxRequests++
    else if (maxMs < Infinity && this.cluster.now() - pooled.openedMs >= maxMs) counters.upstreamMaxDuration++
    else return false
    pooled.worn = true
    return true
  }

  #openShared(conn: PooledConn): void {
    const speech = new H2Speech(conn)
    conn.speech = speech
    this.shared.push(speech)
    this.cluster.expect(() => {
      if (!speech.ready) conn.discard()
    })
  }

  #park(lane: H1Lane): void {
    if (this.#retired) return lane.pooled.discard()
    if (this.cluster.serve(lane)) return
    lane.idleSinceMs = this.cluster.now()
    this.idle.push(lane)
  }

  #forget(conn: PooledConn): void {
    const idle = this.idle.findLastIndex((lane) => lane.pooled === conn)
    if (idle >= 0) this.idle.splice(idle, 1)
    const shared = this.shared.findIndex((speech) => speech.pooled === conn)
    if (shared >= 0) this.shared.splice(shared, 1)
  }
}

/** Being made, or open and not yet told how many calls it takes. */
function isComing({ state, speech }: PooledConn): boolean {
  return state === 'connecting' || (state === 'open' && speech instanceof H2Speech && !speech.ready)
}

/** Calls that wait for one connection to be made; what servers usually allow at once. */
const MAX_JOINED = 100

/** By what TLS settled (ALPN), else by what is to be spoken. */
function speaksH2({ conn }: PooledConn, protocol: Spoken): boolean {
  const alpn = conn.tls?.alpn
  if (isMeshHop(conn)) return true
  if (alpn === 'h2' || alpn === 'istio-h2') return true
  return protocol === 'h2' && (alpn === undefined || !alpn.includes('http/1'))
}

/** A call that waits for a connection to be free. */
export interface Pending {
  readonly pool: EndpointPool
  readonly wait: LaneWait
}
