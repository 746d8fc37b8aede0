import { isIP } from 'node:net'

/**
 * Whether a Host header names this machine by an address or as localhost. A browser can be led to a loopback address by the name of
 * a foreign site (DNS rebinding): pages that are meant for tools answer no names.
 */
export function isOwnHost(host: string | undefined): boolean {
  const name = (host ?? '').replace(/:\d+$/, '')
  if (name === 'localhost') return true
  return name.startsWith('[') && name.endsWith(']') ? isIP(name.slice(1, -1)) === 6 : isIP(name) === 4
}
