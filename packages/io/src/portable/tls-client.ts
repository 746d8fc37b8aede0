import { isIP, type Socket } from 'node:net'
import * as tls from 'node:tls'
import { nameRefusal } from '../common/server-name.ts'
import type { ClientTls } from '../port/tls.ts'
import type { SocketConn } from './socket-conn.ts'
import { PortableTlsContext, systemContext } from './tls-context.ts'

/** Starts TLS as a client on a connected socket; the connection opens when the server is judged. */
export function secureClient(conn: SocketConn, raw: Socket, options: ClientTls): void {
  conn.openWithin(options.handshakeTimeoutMs, 'tls')
  const socket = tls.connect({
    socket: raw,
    secureContext: secureOf(options),
    ...(isIP(options.sni) === 0 && options.sni !== '' ? { servername: options.sni } : {}),
    ...(options.alpn.length === 0 ? {} : { ALPNProtocols: [...options.alpn] }),
    // The verdict on the chain is read below; names are judged there too, as Node's own check throws on SPIFFE certificates.
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
  })
  const early = (error: Error): void => conn.failed(error)
  socket.on('error', early)
  socket.once('secureConnect', () => {
    socket.off('error', early)
    conn.secured(socket, (chain) => refusalOf(socket, options, chain))
  })
}

function secureOf({ context }: ClientTls): tls.SecureContext {
  if (context === undefined) return systemContext()
  if (!(context instanceof PortableTlsContext)) throw new Error('The TLS context was made by another plug.')
  return context.secure
}

function refusalOf(socket: tls.TLSSocket, options: ClientTls, chain: readonly Uint8Array[]): string | undefined {
  if (options.verify === 'none') return undefined
  if (chain.length === 0) return 'The server sent no certificate.'
  if (!socket.authorized) return `The server's certificate was not verified: ${String(socket.authorizationError)}.`
  if (options.verify === 'hostname') return nameRefusal(chain[0], options.sni)
  return options.judge === undefined ? 'Nobody judges the server.' : options.judge(chain)
}
