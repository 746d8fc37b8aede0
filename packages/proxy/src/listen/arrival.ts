import type { FilterChain } from '@mesh/core/view'
import type { ConnError, Conn, ConnHandler, Timer } from '@mesh/io'
import { readProxyHeader, sniffClientHello } from '@mesh/wire'
import type { ProxyContext } from '../context.ts'
import { MESH_H2 } from '../h2/mesh-hop.ts'
import { startHttp } from '../http/server-conn.ts'
import { judgeTrust, principalOf } from '../identity/judge.ts'
import type { ChainRuntime } from '../state/listener-plan.ts'
import { startTcpChain } from '../tcp/tcp-chain.ts'
import type { BoundListener, LiveConn } from './bound-listener.ts'
import { concat, NO_BYTES } from './bytes.ts'
import { Downstream } from './downstream.ts'

/**
 * Takes a new connection: reads its PROXY header where one is due, looks at its first bytes where a chain asks for that, starts TLS,
 * and hands it to HTTP or TCP.
 */
export function accept(context: ProxyContext, listener: BoundListener, conn: Conn): ConnHandler | undefined {
  if (context.overload.stopsConnections) {
    context.counters.overloadConnectionsRefused++
    return undefined
  }
  if (listener.draining || context.counters.downstreamActive >= context.limits.connections) {
    context.counters.downstreamRefused++
    return undefined
  }
  return new Arrival(context, listener, conn).begin()
}

/** Of HTTP under the mesh identity a proxy of this mesh may ask for HTTP/2, whatever the configuration offers everybody else. */
function alpnOf({ tls, filter }: FilterChain): readonly string[] {
  const named = tls?.alpn ?? []
  return tls?.mode === 'mesh' && filter.kind === 'http' && named.length > 0 ? [MESH_H2, ...named] : named
}

/** A connection until its chain is chosen and its peer is judged. */
class Arrival implements ConnHandler, LiveConn {
  readonly #context: ProxyContext
  readonly #downstream: Downstream
  #head: Uint8Array = NO_BYTES
  /** A PROXY header must come before all else. */
  #headerDue = false
  #chain: ChainRuntime | undefined
  #timer: Timer | undefined

  constructor(context: ProxyContext, listener: BoundListener, conn: Conn) {
    this.#context = context
    this.#downstream = new Downstream(context, listener, conn, this)
  }

  begin(): ConnHandler {
    const { conn, listener } = this.#downstream
    conn.handler = this
    if (listener.plan.listener.proxyProtocol === true) this.#awaitHeader()
    else this.#look()
    return conn.handler
  }

  onData(_conn: Conn, lent: Uint8Array): void {
    this.#head = concat(this.#head, lent)
    if (this.#headerDue) this.#readHeader()
    else this.#sniff()
  }

  onOpen(conn: Conn): void {
    const chain = this.#chain
    this.#context.counters.tlsHandshakes++
    const leaf = conn.tls?.peerChain[0]
    this.#downstream.identify(leaf === undefined ? undefined : principalOf(leaf))
    if (chain === undefined || !this.#downstream.permitted) this.abort()
    else this.#start(chain, NO_BYTES)
  }

  onEnd(conn: Conn): void {
    if (this.#headerDue && this.#head.length > 0) return this.#refuse('proxyHeaderErrors')
    if (this.#chain === undefined && this.#head.length > 0) return this.#choose()
    conn.close()
  }

  onClose(_conn: Conn, error: ConnError | undefined): void {
    this.#timer?.cancel()
    if (error?.phase === 'tls') this.#context.counters.tlsErrors++
    if (error?.code === 'verify') this.#context.counters.peersRefused++
    this.#downstream.ended()
  }

  rejudge(): void {}

  drain(): void {}

  sweep(): void {}

  abort(): void {
    this.#timer?.cancel()
    this.#downstream.conn.reset()
    this.#downstream.ended()
  }

  #awaitHeader(): void {
    const { limits, io } = this.#context
    this.#headerDue = true
    this.#timer = io.timers.arm(limits.sniffMs, () => this.#refuse('sniffTimeouts'))
  }

  #readHeader(): void {
    const header = readProxyHeader(this.#head)
    if (header.kind === 'more') return
    if (header.kind === 'bad') return this.#refuse('proxyHeaderErrors')
    this.#timer?.cancel()
    this.#headerDue = false
    this.#downstream.introduce(header.kind === 'proxied' ? header : undefined)
    this.#head = this.#head.slice(header.taken)
    this.#look()
  }

  /** At what comes first, or comes behind the PROXY header. */
  #look(): void {
    if (this.#downstream.listener.plan.blind) return this.#choose()
    this.#armSniff()
    if (this.#head.length > 0) this.#sniff()
  }

  #sniff(): void {
    const seen = sniffClientHello(this.#head)
    if (seen.kind === 'more') {
      if (this.#head.length >= this.#context.limits.sniffBytes) this.#refuse('sniffFailures')
      return
    }
    if (seen.kind === 'bad') return this.#refuse('sniffFailures')
    if (seen.kind === 'tls') this.#downstream.learn({ transport: 'tls', alpn: seen.alpn, sni: seen.sni })
    this.#choose()
  }

  #choose(): void {
    this.#timer?.cancel()
    const { chain } = this.#downstream
    if (chain === undefined) return this.#refuse('noFilterChain')
    this.#chain = chain
    if (chain.chain.tls === undefined) this.#start(chain, this.#head)
    else this.#startTls(chain)
  }

  #startTls({ chain }: ChainRuntime): void {
    const { tls } = chain
    const { identity, files, limits } = this.#context
    if (tls === undefined) return
    const context =
      tls.mode === 'mesh'
        ? identity.current?.context
        : files.server({
            certFile: tls.certFile ?? '',
            keyFile: tls.keyFile ?? '',
            ...(tls.caFile === undefined ? {} : { caFile: tls.caFile }),
          })
    if (context === undefined || typeof context === 'string') return this.#refuse('tlsErrors')
    const head = this.#head
    this.#head = NO_BYTES
    this.#downstream.conn.startTls(
      {
        context,
        alpn: alpnOf(chain),
        requireClientCert: tls.requireClientCert,
        judge: tls.mode === 'mesh' ? judgeTrust(tls.trustDomains) : () => undefined,
        handshakeTimeoutMs: limits.handshakeMs,
      },
      head,
    )
  }

  #start(chain: ChainRuntime, head: Uint8Array): void {
    if (chain.kind === 'http') startHttp(this.#downstream, head)
    else startTcpChain(this.#downstream, chain, head)
  }

  #refuse(counter: 'proxyHeaderErrors' | 'sniffFailures' | 'noFilterChain' | 'tlsErrors' | 'sniffTimeouts'): void {
    this.#context.counters[counter]++
    this.abort()
  }

  /** A silent client: where the chain for plain bytes is TCP, the server may be the one to speak first. */
  #armSniff(): void {
    const { limits, io } = this.#context
    const serverMayBegin = this.#downstream.chain?.kind === 'tcp'
    this.#timer = io.timers.arm(serverMayBegin ? limits.silentClientMs : limits.sniffMs, () => {
      if (serverMayBegin && this.#head.length === 0) this.#choose()
      else this.#refuse('sniffTimeouts')
    })
  }
}
