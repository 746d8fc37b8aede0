import { maxRetries } from '@mesh/core/balance'
import type { Detector } from '@mesh/core/outlier'
import type { Cluster, Endpoint } from '@mesh/core/view'
import type { Conn, ConnError, ConnHandler, Io } from '@mesh/io'
import type { Counters } from '../counters.ts'
import type { Limits } from '../limits.ts'
import { ConnectionRoom } from './connection-room.ts'
import type { ClusterCounts, Count, CountsOf } from './counts.ts'
import { EndpointIndex } from './endpoint-index.ts'
import { EndpointPool, type Pending } from './endpoint-pool.ts'
import type { H1Lane } from './h1-lane.ts'
import { H2Pings, type H2PingOptions } from './h2-pings.ts'
import type { H2Speech } from './h2-speech.ts'
import type { LaneWaiter } from './lane.ts'
import { LaneWait } from './lane-wait.ts'
import type { OutlierWatch } from './outlier-watch.ts'
import { PooledConn } from './pooled-conn.ts'
import { spokenTo, type Spoken } from './spoken.ts'
import { secure, securityMode, type Security, type SecurityOptions } from './security.ts'

export interface PoolOptions extends SecurityOptions {
  readonly countsOf: CountsOf
  readonly outliers: Pick<OutlierWatch, 'of'>
  readonly io: Io
  readonly counters: Counters
  readonly limits: Limits
  /** A bug showed: it is counted and logged. */
  readonly onFault: (error: unknown) => void
  readonly localAddressFor: (address: string) => string | undefined
  /** The verified SPIFFE id of a server. */
  readonly principalOf: (leaf: Uint8Array) => string | undefined
}

/** What came of asking for a connection. */
export type Acquired = { readonly kind: 'waiting'; readonly cancel: () => void } | Refused

type Refused = { readonly kind: 'overflow' } | { readonly kind: 'impossible'; readonly why: string }

export type RawConnection = { readonly kind: 'connecting'; readonly conn: Conn; readonly release: () => void } | Refused

/** The connections of one cluster, and its limits. */
export class ClusterPool {
  cluster: Cluster
  /** Undefined: endpoints take calls whatever they answer. */
  detector: Detector | undefined
  readonly room: ConnectionRoom
  readonly #counts: ClusterCounts
  readonly #options: PoolOptions
  readonly #pools = new Map<string, EndpointPool>()
  readonly #byEndpoint = new EndpointIndex()
  readonly #pending: Pending[] = []

  constructor(cluster: Cluster, options: PoolOptions) {
    this.cluster = cluster
    this.#counts = options.countsOf(cluster.name)
    this.room = new ConnectionRoom(this.#counts)
    this.#options = options
    this.detector = options.outliers.of(cluster.name)
  }

  get counters(): Counters {
    return this.#options.counters
  }

  get limits(): Limits {
    return this.#options.limits
  }

  onFault(error: unknown): void {
    this.#options.onFault(error)
  }

  get pools(): Iterable<EndpointPool> {
    return this.#pools.values()
  }

  /** Counts a call in, unless the cluster has as many as it may. */
  begin(): boolean {
    if (!this.#counts.requests.take(Math.min(this.cluster.maxRequests ?? Infinity, this.#options.limits.upstreamRequests))) {
      this.counters.upstreamOverflow++
      return false
    }
    this.counters.upstreamRequests++
    this.counters.upstreamRequestsActive++
    return true
  }

  /** Counts a call out. */
  end(): void {
    this.#counts.requests.give()
    this.counters.upstreamRequestsActive--
  }

  /** Counts a call in that is tried again, unless as many are as may be. */
  beginRetry(): boolean {
    const { requests, retries } = this.#counts
    const most = maxRetries(this.cluster, this.cluster.retryBudget === undefined ? 0 : requests.value)
    if (!retries.take(Math.min(most, this.#options.limits.upstreamRetries))) {
      this.counters.upstreamRetryOverflow++
      return false
    }
    this.counters.upstreamRetries++
    return true
  }

  get retries(): Count {
    return this.#counts.retries
  }

  now(): number {
    return this.#options.io.timers.now()
  }

  /** The pool of an endpoint whose address is an IP literal; the same endpoint value finds it without a key. */
  pool(endpoint: Endpoint, protocol: Spoken): EndpointPool {
    const known = this.#byEndpoint.find(endpoint, protocol)
    if (known !== undefined) return known
    const pool = this.poolAt(endpoint, endpoint.address, protocol)
    this.#byEndpoint.keep(endpoint, pool, this.#options.limits.askedNames)
    return pool
  }

  /** Calls under way to an endpoint. */
  activeAt(endpoint: Endpoint): number {
    return this.#byEndpoint.activeAt(endpoint)
  }

  /** The pool of one address of an endpoint that is a name. */
  poolAt(endpoint: Endpoint, address: string, protocol: Spoken): EndpointPool {
    const key = poolKey(this.cluster, endpoint, { address, protocol })
    let pool = this.#pools.get(key)
    if (pool === undefined) {
      const shares = protocol === 'h2' || (protocol === 'auto' && securityMode(this.cluster, endpoint) === 'mesh')
      pool = new EndpointPool(this, { key, endpoint, address, protocol, shares })
      pool.watch(this.detector)
      this.#pools.set(key, pool)
    }
    return pool
  }

  /** Connects, or waits for a connection when the cluster has as many as it may. */
  acquire(pool: EndpointPool, waiter: LaneWaiter): Acquired {
    const wait = new LaneWait(waiter)
    return this.#place(pool, wait) ?? { kind: 'waiting', cancel: () => wait.cancel() }
  }

  /** A connection for one TCP client: its owner calls `release` when it is over. */
  connectRaw(pool: EndpointPool, handler: ConnHandler): RawConnection {
    const security = secure(this.cluster, pool, this.#options)
    if (security.kind === 'impossible') return security
    if (!this.#takeConnection()) return { kind: 'overflow' }
    this.#opening(pool)
    let released = false
    const release = (): void => {
      if (released) return
      released = true
      this.disconnected(pool, { connecting: false, lingers: false }, undefined)
    }
    return { kind: 'connecting', conn: this.#dial(pool, security, handler), release }
  }

  /** Hands a free connection to who waits longest for its endpoint; closes it when another endpoint, or another worker, waits for one. */
  serve(lane: H1Lane): boolean {
    if (this.othersNeedOne) {
      lane.pooled.discard()
      return true
    }
    const first = this.#pending[0]
    if (first === undefined) return false
    const mine = this.#pending.find((pending) => pending.pool === lane.pooled.pool)
    if (mine === undefined) {
      lane.pooled.discard()
      return true
    }
    mine.wait.serve(lane)
    return true
  }

  /** Calls back when what a new connection must say first is overdue. */
  expect(overdue: () => void): void {
    this.#options.io.timers.arm(Math.min(this.cluster.connectTimeoutMs, this.#options.limits.upstreamConnectMs), overdue)
  }

  /** PINGs on a connection of HTTP/2, where the cluster wants them. */
  pings(events: Pick<H2PingOptions, 'onPing' | 'onDead'>): H2Pings | undefined {
    const { http2KeepAlive: settings } = this.cluster
    const { io, limits } = this.#options
    return settings === undefined
      ? undefined
      : new H2Pings({ ...events, settings, timers: io.timers, minIntervalMs: limits.upstreamPingMs })
  }

  /** A connection that was waited for turned out to have no room. */
  acquireAgain(pool: EndpointPool, wait: LaneWait): void {
    if (wait.over) return
    const lane = pool.take()
    if (lane !== undefined) wait.serve(lane)
    else if (this.#place(pool, wait) !== undefined) wait.fail(undefined)
  }

  /** Hands a stream of a shared connection to who waits longest for its endpoint. */
  serveShared(speech: H2Speech): boolean {
    const mine = this.#pending.find((pending) => pending.pool === speech.pooled.pool)
    if (mine === undefined) return false
    mine.wait.serve(speech.lane())
    return true
  }

  connected(conn: PooledConn): void {
    const leaf = conn.conn.tls?.peerChain[0]
    if (leaf !== undefined) conn.principal = this.#options.principalOf(leaf)
  }

  /** `lingers`: it was closed, and `gone` is called when it is gone. */
  disconnected(pool: EndpointPool, how: { readonly connecting: boolean; readonly lingers: boolean }, error: ConnError | undefined): void {
    const { connecting, lingers } = how
    if (lingers) this.room.linger()
    else this.room.give()
    this.counters.upstreamActive--
    if (connecting && error !== undefined) {
      pool.connectFailures++
      this.counters.upstreamConnectFailures++
      if (error.code === 'timeout') this.counters.upstreamConnectTimeouts++
    }
    if (pool.conns.size === 0 && pool.active === 0) this.#drop(pool)
    if (!lingers) this.room.freed(() => this.#connectPending())
  }

  /** A connection that lingered is gone. */
  gone(): void {
    this.room.gone()
    this.room.freed(() => this.#connectPending())
  }

  /** Another worker's calls wait for a connection: one that can be spared is closed. */
  asked(): void {
    if (!this.othersNeedOne || this.#spareOne()) return
    for (const { shared } of this.#pools.values()) {
      const one = shared.find((speech) => speech.available)
      if (one !== undefined) return this.room.leave(one)
    }
  }

  /** Another worker closed a connection, or waits for none any more. */
  told(): void {
    this.room.told()
    this.#lookAgain()
  }

  /** Adopts the cluster as it is now and lets go what it no longer has. */
  update(cluster: Cluster, endpoints: readonly Endpoint[], trustChanged: boolean): void {
    const before = this.cluster
    const changed = trustChanged || JSON.stringify(cluster.tls) !== JSON.stringify(before.tls) || cluster.protocol !== before.protocol
    this.cluster = cluster
    this.detector = this.#options.outliers.of(cluster.name)
    for (const pool of this.#pools.values()) pool.watch(this.detector)
    this.#byEndpoint.clear()
    if (cluster.discovery.kind === 'original-dst' || cluster.discovery.kind === 'dns') return this.#retire(() => changed)
    const keysOf = (endpoint: Endpoint): string[] =>
      spokenTo(cluster).map((protocol) => poolKey(cluster, endpoint, { address: endpoint.address, protocol }))
    const wanted = new Set(endpoints.flatMap(keysOf))
    this.#retire((pool) => changed || !wanted.has(pool.key))
  }

  /** The cluster is no more. */
  retire(): void {
    this.#byEndpoint.clear()
    this.#retire(() => true)
  }

  sweep(nowMs: number): void {
    const idleMs = this.cluster.idleTimeoutMs ?? this.#options.limits.upstreamIdleMs
    for (const pool of [...this.#pools.values()]) {
      pool.sweep(nowMs, idleMs)
      if (pool.conns.size === 0 && pool.active === 0) this.#drop(pool)
    }
    if (this.room.shared && this.#pending.length > 0) this.told()
  }

  get #maxConnections(): number {
    return Math.min(this.cluster.maxConnections ?? Infinity, this.#options.limits.upstreamConnections)
  }

  /** Where a call waits: at a connection that comes, one that is made for it, or in line. */
  #place(pool: EndpointPool, wait: LaneWait): Refused | undefined {
    const joined = pool.joinable()
    if (joined !== undefined) return void joined.join(wait)
    if (this.#takeConnection()) return this.#connect(pool, wait)
    if (!this.#counts.pending.take(Math.min(this.cluster.maxPendingRequests ?? Infinity, this.#options.limits.upstreamPending))) {
      this.counters.upstreamOverflow++
      return { kind: 'overflow' }
    }
    const pending: Pending = { pool, wait }
    wait.stand(() => this.#forget(pending))
    this.#pending.push(pending)
    this.counters.upstreamPendingActive++
    if (this.room.shared) this.#lookAgain()
    return undefined
  }

  /** For a connection that is counted in already. */
  #connect(pool: EndpointPool, wait: LaneWait): Refused | undefined {
    const security = secure(this.cluster, pool, this.#options)
    if (security.kind === 'impossible') {
      this.room.give()
      return security
    }
    const conn = new PooledConn(pool)
    conn.join(wait)
    pool.conns.add(conn)
    this.#opening(pool)
    conn.conn = this.#dial(pool, security, conn)
    return undefined
  }

  #opening(pool: EndpointPool): void {
    pool.connected++
    this.counters.upstreamActive++
    this.counters.upstreamConnections++
  }

  #dial(pool: EndpointPool, security: Security, handler: ConnHandler): Conn {
    const { io, limits, localAddressFor } = this.#options
    const localAddress = localAddressFor(pool.address)
    const { tcpKeepalive } = this.cluster
    return io.connect({
      address: pool.address,
      port: pool.endpoint.port,
      timeoutMs: Math.min(this.cluster.connectTimeoutMs, limits.upstreamConnectMs),
      handler,
      ...(localAddress === undefined ? {} : { localAddress }),
      ...(tcpKeepalive === undefined ? {} : { keepAlive: tcpKeepalive }),
      ...(security.kind === 'tls' ? { tls: security.tls } : {}),
    })
  }

  /** Counts a connection in; at the limit an idle one gives way. */
  #takeConnection(): boolean {
    return this.#take() || (this.#spareOne() && this.#take())
  }

  #take(): boolean {
    return this.room.take(this.#maxConnections)
  }

  /** Whether a connection here is to be closed for another worker's sake. */
  get othersNeedOne(): boolean {
    return this.room.shared && this.room.othersNeedOne(this.#maxConnections)
  }

  /** A connection was free after all, or others are to hear that calls wait here. */
  #lookAgain(): void {
    this.#connectPending()
    if (this.#pending.length > 0) this.room.ask()
  }

  /** Closes a connection that no call is on, if there is one. */
  #spareOne(): boolean {
    for (const pool of this.#pools.values()) {
      const spare = pool.spare()
      if (spare === undefined) continue
      spare.discard()
      return true
    }
    return false
  }

  #connectPending(): void {
    for (let next = this.#pending[0]; next !== undefined; next = this.#pending[0]) {
      const joined = next.pool.joinable()
      if (joined === undefined && !this.#take()) return
      this.#forget(next)
      if (joined !== undefined) joined.join(next.wait)
      else if (this.#connect(next.pool, next.wait) !== undefined) next.wait.fail(undefined)
    }
  }

  #forget(pending: Pending): void {
    const at = this.#pending.indexOf(pending)
    if (at < 0) return
    this.#pending.splice(at, 1)
    this.#counts.pending.give()
    this.counters.upstreamPendingActive--
    if (this.#pending.length === 0) this.room.content()
  }

  #retire(which: (pool: EndpointPool) => boolean): void {
    for (const pool of [...this.#pools.values()]) {
      if (!which(pool)) continue
      this.#pools.delete(pool.key)
      pool.retire()
    }
  }

  /** Addresses come and go where the view does not name them. */
  #drop(pool: EndpointPool): void {
    const { kind } = this.cluster.discovery
    if ((kind !== 'original-dst' && kind !== 'dns') || this.#pools.get(pool.key) !== pool) return
    this.#pools.delete(pool.key)
    this.#byEndpoint.clear()
  }
}

/** Connections with one key may stand for one another. */
function poolKey(cluster: Cluster, endpoint: Endpoint, { address, protocol }: { address: string; protocol: Spoken }): string {
  return `${address} ${endpoint.port} ${securityMode(cluster, endpoint)} ${protocol}`
}
