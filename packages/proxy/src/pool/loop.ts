import { parseIp } from '@mesh/core/engine'
import type { Listener } from '@mesh/core/view'
import type { ProxyContext } from '../context.ts'

/** Where something listens. */
export interface Place {
  /** IP literal. */
  readonly address: string
  readonly port: number
}

/**
 * Whether a connection to this address would come back to a listener of the same direction, and so run in circles, or would reach
 * what serves this process itself: its admin pages, its control plane. There it would speak with our address, not with its caller's.
 */
export function loopsBack(context: ProxyContext, to: Place & { readonly direction: Listener['direction'] }): boolean {
  const reached = reachedAddress(to.address)
  const isThere = ({ address, port }: Place): boolean => port === to.port && covers(address, reached, context.self.address)
  const back =
    context
      .listeners()
      .some(({ plan: { listener }, socket }) => listener.direction === to.direction && socket !== undefined && isThere(socket)) ||
    context.ownPlaces.some(isThere)
  if (back) context.counters.loopsRefused++
  return back
}

/** Whether a socket that is bound there is the one that this address reaches. */
function covers(bound: string, reached: string, own: string): boolean {
  const address = canonical(bound)
  if (address === reached) return true
  return isUnspecified(address) && (isLoopback(reached) || reached === canonical(own))
}

/** The unspecified address reaches this machine. */
function reachedAddress(address: string): string {
  const plain = canonical(address)
  if (!isUnspecified(plain)) return plain
  return plain === NOWHERE ? LOOPBACK : LOOPBACK_V6
}

/** One spelling of each address; IPv4 in the clothes of IPv6 is IPv4. */
function canonical(address: string): string {
  return parseIp(address)?.join(' ') ?? address
}

function isUnspecified(address: string): boolean {
  return address === NOWHERE || address === NOWHERE_V6
}

/** All of 127.0.0.0/8. */
function isLoopback(address: string): boolean {
  return address === LOOPBACK_V6 || (!address.includes(' ') && Number(address) >>> 24 === 127)
}

const NOWHERE = canonical('0.0.0.0')
const NOWHERE_V6 = canonical('::')
const LOOPBACK = canonical('127.0.0.1')
const LOOPBACK_V6 = canonical('::1')
