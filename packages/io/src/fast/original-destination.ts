import { SOCKET_OPTIONS } from './native/machine.ts'
import type { Sys } from './native/sys.ts'
import { isAny, readAddress, type SocketAddress } from './socket-address.ts'

/** Where an accepted connection was going before the kernel's NAT sent it here; undefined where nothing did, or the kernel does not know. */
export function redirectedFrom(sys: Sys, fd: number, local: SocketAddress): SocketAddress | undefined {
  const option = local.address.includes(':') ? SOCKET_OPTIONS.originalDestinationV6 : SOCKET_OPTIONS.originalDestination
  if (sys.readOption(fd, option) < 0) return undefined
  const found = readAddress(sys.arena)
  return found.address === local.address && found.port === local.port ? undefined : found
}

/** Where a connection was going that the kernel diverted as it is (`TPROXY`): its own end, unless somebody called the listener itself. */
export function divertedFrom(local: SocketAddress, listener: SocketAddress): SocketAddress | undefined {
  const direct = local.port === listener.port && (isAny(listener.address) || local.address === listener.address)
  return direct ? undefined : local
}
