import { isIP, Socket } from 'node:net'
import type { Conn } from '../port/conn.ts'
import type { ConnectOptions, TcpKeepAlive } from '../port/io.ts'
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

function connected(conn: SocketConn, raw: Socket, { tls, keepAlive }: ConnectOptions): void {
  raw.setNoDelay(true)
  if (keepAlive !== undefined) probe(raw, keepAlive)
  if (tls === undefined) return conn.opened()
  try {
    secureClient(conn, raw, tls)
  } catch (error) {
    conn.fail({ phase: 'tls', code: 'tls', message: error instanceof Error ? error.message : String(error) })
  }
}

/** Node sets all of them or none; before version 26.4 it has its own interval and number of probes. */
function probe(raw: Socket, { timeSeconds = 7200, intervalSeconds = 75, probes = 9 }: TcpKeepAlive): void {
  raw.setKeepAlive(true, timeSeconds * 1000, intervalSeconds * 1000, probes)
}

function source({ localAddress }: ConnectOptions): { localAddress?: string } {
  return localAddress === undefined ? {} : { localAddress }
}
