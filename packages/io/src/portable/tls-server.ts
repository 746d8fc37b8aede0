import type { Socket } from 'node:net'
import type { Server, TLSSocket } from 'node:tls'
import type { ServerTls } from '../port/tls.ts'
import type { SocketConn } from './socket-conn.ts'
import { PortableTlsContext } from './tls-context.ts'

/** Hands a TCP socket, whose first bytes were put back, to a server of node:tls; the connection opens when the peer is judged. */
export function serveTls(conn: SocketConn, raw: Socket, options: ServerTls): void {
  if (!(options.context instanceof PortableTlsContext)) throw new Error('The TLS context was made by another plug.')
  const server = options.context.server(options)
  const waiting = waitingAt(server)
  const key = tupleOf(raw)
  conn.openWithin(options.handshakeTimeoutMs, 'tls')
  waiting.set(key, { conn, options })
  raw.once('close', () => waiting.delete(key))
  server.emit('connection', raw)
}

interface Waiting {
  readonly conn: SocketConn
  readonly options: ServerTls
}

/** Connections in their handshake by their TCP address pairs: node:tls tells of a socket that it made itself. */
const waitingByServer = new WeakMap<Server, Map<string, Waiting>>()

function waitingAt(server: Server): Map<string, Waiting> {
  const known = waitingByServer.get(server)
  if (known !== undefined) return known
  const waiting = new Map<string, Waiting>()
  waitingByServer.set(server, waiting)
  const take = (socket: TLSSocket): Waiting | undefined => {
    const found = waiting.get(tupleOf(socket))
    waiting.delete(tupleOf(socket))
    return found
  }
  server.on('secureConnection', (socket) => {
    const found = take(socket)
    if (found === undefined) socket.destroy()
    else settle(found, socket)
  })
  server.on('tlsClientError', (error, socket) => take(socket)?.conn.failed(error))
  return waiting
}

function settle({ conn, options }: Waiting, socket: TLSSocket): void {
  conn.secured(socket, (chain) => {
    if (!options.requireClientCert) return options.judge(chain)
    if (chain.length === 0) return 'The client sent no certificate.'
    if (!socket.authorized) return `The client's certificate was not verified: ${String(socket.authorizationError)}.`
    return options.judge(chain)
  })
}

function tupleOf(socket: Socket): string {
  return `${socket.remoteAddress}|${socket.remotePort}|${socket.localAddress}|${socket.localPort}`
}
