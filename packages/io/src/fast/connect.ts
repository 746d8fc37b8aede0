import { isIP } from 'node:net'
import type { Conn } from '../port/conn.ts'
import type { ConnectOptions, TcpKeepAlive } from '../port/io.ts'
import { errorOf } from './errno.ts'
import { FastConn } from './fast-conn.ts'
import { ARENA } from './native/arena.ts'
import { ERRNO, LINUX, SOCKET_OPTIONS } from './native/machine.ts'
import type { Sys } from './native/sys.ts'
import type { FastShared } from './shared.ts'
import { writeAddress } from './socket-address.ts'
import { connectTls, judgeOf } from './tls.ts'

/** Connects; see `Io.connect`. Whatever fails is told to the handler, later. */
export function connect(shared: FastShared, options: ConnectOptions): Conn {
  const { sys } = shared.loop
  const family = writeAddress(sys.arena, options)?.family
  const fd = family === undefined ? -1 : sys.socket(family, LINUX.STREAM)
  const conn = new FastConn(shared, Math.max(fd, -1), 'connect')
  conn.handler = options.handler
  conn.know({ remote: { address: options.address, port: options.port } })
  conn.openWithin(options.timeoutMs, 'connect')
  if (family === undefined) conn.fail({ phase: 'connect', code: 'other', message: `${options.address} is no IP address.` })
  else if (fd < 0) conn.fail(errorOf('connect', fd))
  else begin(shared, conn, fd, options)
  return conn
}

function begin(shared: FastShared, conn: FastConn, fd: number, options: ConnectOptions): void {
  const { sys } = shared.loop
  sys.setOption(fd, SOCKET_OPTIONS.noDelay, 1)
  if (options.keepAlive !== undefined) keepAlive(sys, fd, options.keepAlive)
  const bound = bindSource(sys, fd, options)
  if (bound < 0) return conn.fail(errorOf('connect', bound))
  const target = writeAddress(sys.arena, options)
  const result = sys.connect(fd, ARENA.cell, target?.length ?? 0)
  if (result < 0 && result !== -ERRNO.EINPROGRESS) return conn.fail(errorOf('connect', result))
  conn.begin(() => connected(shared, conn, options))
}

function keepAlive(sys: Sys, fd: number, { probes, timeSeconds, intervalSeconds }: TcpKeepAlive): void {
  sys.setOption(fd, SOCKET_OPTIONS.keepAlive, 1)
  if (timeSeconds !== undefined) sys.setOption(fd, SOCKET_OPTIONS.keepAliveTime, timeSeconds)
  if (intervalSeconds !== undefined) sys.setOption(fd, SOCKET_OPTIONS.keepAliveInterval, intervalSeconds)
  if (probes !== undefined) sys.setOption(fd, SOCKET_OPTIONS.keepAliveProbes, probes)
}

/** The port stays open until the destination is known, so that one address has room for more connections than it has ports. */
function bindSource(sys: Sys, fd: number, { localAddress }: ConnectOptions): number {
  if (localAddress === undefined) return 0
  sys.setOption(fd, SOCKET_OPTIONS.bindAddressNoPort, 1)
  const source = isIP(localAddress) === 0 ? undefined : writeAddress(sys.arena, { address: localAddress, port: 0 })
  return source === undefined ? -ERRNO.EADDRNOTAVAIL : sys.bind(fd, ARENA.cell, source.length)
}

function connected(shared: FastShared, conn: FastConn, { tls }: ConnectOptions): void {
  if (tls === undefined) return conn.opened()
  conn.openWithin(tls.handshakeTimeoutMs, 'tls')
  conn.secure(() => connectTls(shared, conn.fd, tls), judgeOf(tls))
}
