import type { Peer } from '@mesh/core/engine'
import type { PeerLabels } from '@mesh/core/call'
import type { Conn } from '@mesh/io'
import type { ProxiedEnd } from '@mesh/wire'
import type { ProxyContext } from '../context.ts'
import type { PeerDirectory } from '../observe/peer-labels.ts'
import type { ChainRuntime, ListenerPlan } from '../state/listener-plan.ts'
import type { BoundListener, LiveConn } from './bound-listener.ts'
import { matchChain, RAW, type ConnFacts } from './chain-match.ts'

/** The connection that somebody in front of us took, and carries on to us. */
export interface Proxied {
  readonly source: ProxiedEnd
  readonly destination: ProxiedEnd
}

/** A connection that a client made to us, whatever is spoken on it. */
export class Downstream {
  readonly context: ProxyContext
  readonly listener: BoundListener
  readonly conn: Conn
  /** The trust that the peer's certificate was verified under. */
  trustGeneration = 0
  /** Whether it began with a PROXY header, and whose connection that told. */
  #introduced = false
  #proxied: Proxied | undefined
  #facts: ConnFacts = RAW
  #peer: Peer | undefined
  #remotePlace: string | undefined
  #localPlace: string | undefined
  #live: LiveConn
  #ended = false
  #plan: ListenerPlan | undefined
  #chain: ChainRuntime | undefined
  #directory: PeerDirectory | undefined
  #labels: PeerLabels | undefined

  constructor(context: ProxyContext, listener: BoundListener, conn: Conn, live: LiveConn) {
    this.context = context
    this.listener = listener
    this.conn = conn
    this.#live = live
    listener.add(live)
    context.counters.downstreamConnections++
    context.counters.downstreamActive++
  }

  get facts(): ConnFacts {
    return this.#facts
  }

  get peer(): Peer {
    this.#peer ??= this.#peerOf(undefined)
    return this.#peer
  }

  /** `ip:port`. */
  get remotePlace(): string {
    this.#remotePlace ??= `${this.peer.address}:${this.peer.port}`
    return this.#remotePlace
  }

  get localPlace(): string {
    this.#localPlace ??= `${this.peer.localAddress}:${this.peer.localPort}`
    return this.#localPlace
  }

  get mutualTls(): boolean {
    return this.#peer?.principal !== undefined
  }

  /** The chain in force for this connection now; undefined when none takes it any more. */
  get chain(): ChainRuntime | undefined {
    const { plan } = this.listener
    if (plan !== this.#plan) {
      this.#plan = plan
      this.#chain = matchChain(plan.chains, this.#facts)
    }
    return this.#chain
  }

  /** Whether the chain in force still permits what this connection was accepted with. */
  get permitted(): boolean {
    const chain = this.chain?.chain
    if (chain === undefined || (chain.tls !== undefined) !== (this.conn.tls !== undefined)) return false
    if ((this.listener.plan.listener.proxyProtocol === true) !== this.#introduced) return false
    if (chain.tls?.mode !== 'mesh') return true
    return this.mutualTls && this.trustGeneration === this.context.identity.current?.trustGeneration
  }

  /** Who called, as far as it is proven; looked up once per directory. */
  get labels(): PeerLabels | undefined {
    const directory = this.context.observer.directory
    if (directory !== this.#directory) {
      this.#directory = directory
      this.#labels = directory.of(this.peer.address, this.peer.principal)
    }
    return this.#labels
  }

  /** A PROXY header came; where it tells of another connection, that one's ends count from now on. */
  introduce(proxied: Proxied | undefined): void {
    this.#introduced = true
    this.#proxied = proxied
    this.#peer = undefined
  }

  /** The first bytes told more. */
  learn(facts: ConnFacts): void {
    this.#facts = facts
    this.#plan = undefined
    this.#peer = undefined
  }

  /** The peer proved this identity. */
  identify(principal: string | undefined): void {
    this.#peer = this.#peerOf(principal)
    this.trustGeneration = this.context.identity.current?.trustGeneration ?? 0
  }

  /** Another part takes the connection over. */
  become(live: LiveConn): void {
    this.listener.replace(this.#live, live)
    this.#live = live
  }

  /** The connection is closed; safe to call twice. */
  ended(): void {
    if (this.#ended) return
    this.#ended = true
    this.context.counters.downstreamActive--
    this.listener.remove(this.#live)
  }

  #peerOf(principal: string | undefined): Peer {
    const { sni } = this.#facts
    return {
      ...endsOf(this.conn, this.#proxied),
      ...(principal === undefined ? {} : { principal }),
      ...(sni === undefined ? {} : { sni }),
    }
  }
}

function endsOf(conn: Conn, proxied: Proxied | undefined): Peer {
  const { remoteAddress, remotePort, localAddress, localPort } = conn
  if (proxied === undefined) return { address: remoteAddress, port: remotePort, localAddress, localPort }
  const { source, destination } = proxied
  return { ...source, directAddress: remoteAddress, localAddress: destination.address, localPort: destination.port }
}
