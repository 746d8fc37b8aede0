import * as net from 'node:net'
import { IO_LIMITS } from '../limits.ts'
import type { ListenOptions, ListenSocket } from '../port/io.ts'
import { guarded, report } from '../common/faults.ts'
import { listenError } from '../common/listen-error.ts'
import type { Shared } from '../common/shared.ts'
import { SocketConn } from './socket-conn.ts'

/** Binds; see `Io.listen`. */
export function listen(shared: Shared, options: ListenOptions): Promise<ListenSocket> {
  if (options.inherited !== undefined) return Promise.reject(listenError(options, { message: 'the portable plug takes over no sockets' }))
  if (options.transparent === true)
    return Promise.reject(listenError(options, { message: 'the portable plug takes no diverted connections' }))
  const server = net.createServer({ allowHalfOpen: true, noDelay: true, highWaterMark: IO_LIMITS.highWaterBytes })
  server.maxConnections = options.maxConnections
  server.on('drop', () => guarded(shared.onFault, () => options.onRefused?.()))
  server.on('connection', (socket) => accept(shared, options, socket))
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(listenError(options, error)))
    server.listen({ host: options.address, port: options.port, reusePort: options.reusePort === true }, () => {
      server.removeAllListeners('error')
      server.on('error', (error) => report(shared.onFault, error))
      resolve(listening(server))
    })
  })
}

function accept(shared: Shared, options: ListenOptions, socket: net.Socket): void {
  const conn = new SocketConn(shared, socket, 'open')
  try {
    const handler = options.onConn(conn)
    if (handler === undefined) return conn.reset()
    conn.handler = handler
    conn.begin()
  } catch (error) {
    report(shared.onFault, error)
    conn.reset()
  }
}

function listening(server: net.Server): ListenSocket {
  const { address, port } = server.address() as net.AddressInfo
  return {
    descriptor: undefined,
    address,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close()
        setImmediate(resolve)
      }),
  }
}
