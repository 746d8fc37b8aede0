import type { LiveConn } from '../listen/bound-listener.ts'
import type { Exchange } from './exchange.ts'
import { OUTBOX } from './outbox.ts'
import type { UpstreamTry } from './upstream-try.ts'
import { startRelay, type RelayEnd } from '../tcp/relay.ts'

/** Carries bytes both ways after the upstream answered 101, until one end is done or policy no longer permits it. */
export function startTunnel(exchange: Exchange, attempt: UpstreamTry): void {
  const { sink, context } = exchange
  const { lane } = attempt
  if (lane === undefined) throw new Error('an upgrade without a connection')
  OUTBOX.flush()
  const client = sink.takeOver()
  const server = lane.takeOver()
  const relay = startRelay({
    io: context.io,
    client: client.conn,
    server: server.conn,
    idleMs: context.limits.tcpIdleMs,
    halfClose: false,
    bytesForward: client.early.length,
    bytesBack: server.rest.length,
    onDone: (end) => {
      server.ended()
      client.ended()
      exchange.onTunnelEnd({ flag: FLAGS[end.kind], received: relay.bytesForward, sent: relay.bytesBack })
    },
  })
  context.counters.downstreamTunnels++
  client.become(liveTunnel(exchange, () => relay.abort()))
  if (client.early.length > 0) server.conn.write(client.early)
  if (server.rest.length > 0) client.conn.write(server.rest)
  client.conn.resume()
  server.conn.resume()
}

function liveTunnel(exchange: Exchange, abort: () => void): LiveConn {
  const { downstream } = exchange.sink
  const permitted = (): boolean => {
    const { chain } = downstream
    return chain?.kind === 'http' && downstream.permitted && chain.plan.authorizer.authorize(exchange.request, downstream.peer).allowed
  }
  return {
    rejudge() {
      if (permitted()) return
      exchange.context.counters.revokedConnections++
      abort()
    },
    drain: () => undefined,
    abort,
    sweep: () => undefined,
  }
}

const FLAGS = {
  ended: undefined,
  idle: 'SI',
  expired: 'DT',
  aborted: 'LR',
  'client-failed': 'DC',
  'server-failed': 'UC',
} as const satisfies Record<RelayEnd['kind'], string | undefined>
