import { isIP, Socket } from 'node:net'
import type { Conn } from '../port/conn.ts'
import type { ConnectOptions } from '../port/io.ts'
import type { Shared } from '../common/shared.ts'
import { SocketConn } from './socket-conn.ts'
import { secureClient } from './tls-client.ts'

/** Connects; see `Io.connect`. Whatever fails is told to the handler, later. */
export function connect(shared: Shared, options: ConnectOptions): Conn {
  const raw = new Socket({ allowHalfOpen: true })
  const conn = new SocketConn(shared, raw, 'connect')
  conn.handler = options.handler
  conn.openWithin(options.timeoutMs, 'connect')
  raw.once('connect', () => connected(conn, raw, options))
  if (isIP(options.address) === 0) {
    conn.fail({ phase: 'connect', code: 'other', message: `${options.address} is no IP address.` })
    return conn
  }
  try {
    raw.connect({ host: options.address, port: options.port, ...source(options) })
  } catch (error) {
    conn.failed(error)
    raw.destroy()
  }
  return conn
}

function connected(conn: SocketConn, raw: Socket, { tls }: ConnectOptions): void {
  raw.setNoDelay(true)
  if (tls === undefined) return conn.opened()
  try {
    secureClient(conn, raw, tls)
  } catch (error) {
    conn.fail({ phase: 'tls', code: 'tls', message: error instanceof Error ? error.message : String(error) })
  }
}

function source({ localAddress }: ConnectOptions): { localAddress?: string } {
  return localAddress === undefined ? {} : { localAddress }
}
