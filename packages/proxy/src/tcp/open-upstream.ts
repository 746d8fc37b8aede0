import type { ClusterState, Engine } from '@mesh/core/engine'
import type { ResponseFlag } from '@mesh/core/error'
import type { Cluster, Endpoint, Listener } from '@mesh/core/view'
import type { Conn, ConnError, ConnHandler } from '@mesh/io'
import type { ProxyContext } from '../context.ts'
import type { EndpointPool } from '../pool/endpoint-pool.ts'
import { tellConnectedForGood, tellNoConnection } from '../pool/outlier-results.ts'
import { loopsBack } from '../pool/loop.ts'
import { spokenFor } from '../pool/spoken.ts'

/** An upstream connection for one client. */
export interface OpenedUpstream {
  readonly cluster: Cluster
  readonly endpoint: Endpoint
  readonly conn: Conn
  /** Verified SPIFFE id of the server. */
  readonly principal: string | undefined
  readonly release: () => void
}

export interface OpenOptions {
  readonly context: ProxyContext
  readonly engine: Engine
  /** Of the listener that the client came by. */
  readonly direction: Listener['direction']
  readonly cluster: string | undefined
  /** The address that the caller asked for, for an `original-dst` cluster. */
  readonly asked?: { readonly host: string; readonly port: number }
  readonly onOpen: (upstream: OpenedUpstream) => void
  readonly onFailed: (flag: ResponseFlag, details: string, failure: ConnError | undefined) => void
}

/** Endpoints tried one after the other. */
const MAX_TRIES = 3

/** Opens a connection to an endpoint of a cluster; answers once, perhaps at once. Returns the way to give up. */
export function openUpstream(options: OpenOptions): () => void {
  const opening = new Opening(options)
  opening.begin()
  return () => opening.cancel()
}

class Opening implements ConnHandler {
  readonly #options: OpenOptions
  readonly #tried: Endpoint[] = []
  #state: ClusterState | undefined
  #endpoint: Endpoint | undefined
  #pool: EndpointPool | undefined
  #conn: Conn | undefined
  #release: (() => void) | undefined
  #stopLookup: (() => void) | undefined
  #over = false

  constructor(options: OpenOptions) {
    this.#options = options
  }

  begin(): void {
    const { engine, cluster } = this.#options
    this.#state = cluster === undefined ? undefined : engine.cluster(cluster)
    if (this.#state === undefined) return this.#fail('NC', 'cluster_not_found')
    this.#try(this.#state)
  }

  cancel(): void {
    if (this.#over) return
    this.#over = true
    this.#stopLookup?.()
    this.#conn?.reset()
    this.#release?.()
  }

  onOpen(conn: Conn): void {
    if (this.#over || this.#state === undefined || this.#endpoint === undefined) return
    this.#over = true
    const leaf = conn.tls?.peerChain[0]
    if (this.#pool !== undefined) tellConnectedForGood(this.#pool)
    this.#options.onOpen({
      cluster: this.#state.cluster,
      endpoint: this.#endpoint,
      conn,
      principal: leaf === undefined ? undefined : this.#options.context.principalOf(leaf),
      release: this.#release ?? (() => undefined),
    })
  }

  onData(): void {}

  onEnd(): void {}

  onClose(_conn: Conn, error: ConnError | undefined): void {
    this.#release?.()
    if (this.#over || this.#state === undefined) return
    if (this.#pool !== undefined) tellNoConnection(this.#pool, error)
    if (this.#tried.length < MAX_TRIES && this.#tried.length < this.#state.endpoints.length) this.#try(this.#state)
    else this.#fail('UF', error?.code === 'timeout' ? 'upstream_connection_timeout' : 'upstream_connection_failure', error)
  }

  #try(state: ClusterState): void {
    const { context, asked } = this.#options
    const endpoint =
      state.cluster.discovery.kind === 'original-dst' && asked !== undefined
        ? { address: asked.host, port: asked.port, weight: 1, healthy: true }
        : context.env.balancer.pick(state, this.#tried)
    if (endpoint === undefined) return this.#fail('UH', 'no_healthy_upstream')
    this.#endpoint = endpoint
    this.#tried.push(endpoint)
    this.#stopLookup = context.pools.names.lookup(endpoint.address, (address) => {
      if (this.#over) return
      if (address === undefined) this.#fail('DF', 'dns_resolution_failure')
      else if (loopsBack(context, { address, port: endpoint.port, direction: this.#options.direction })) this.#fail('UF', 'loop_refused')
      else this.#connect(state, endpoint, address)
    })
  }

  #connect(state: ClusterState, endpoint: Endpoint, address: string): void {
    const cluster = this.#options.context.pools.cluster(state.cluster)
    const pool = cluster.poolAt(endpoint, address, spokenFor(cluster.cluster, { h2: false, upgrade: true }))
    this.#pool = pool
    const raw = cluster.connectRaw(pool, this)
    if (raw.kind === 'overflow') return this.#fail('UO', 'upstream_overflow')
    if (raw.kind === 'impossible') return this.#fail('UF', `tls_unavailable: ${raw.why}`)
    this.#conn = raw.conn
    this.#release = raw.release
  }

  #fail(flag: ResponseFlag, details: string, failure?: ConnError): void {
    if (this.#over) return
    this.#over = true
    this.#options.onFailed(flag, details, failure)
  }
}
