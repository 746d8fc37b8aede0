import { isIP } from 'node:net'
import type { Place } from '../pool/loop.ts'
import type { NodeSettings, ProxySettings } from '../settings.ts'

/** Where this process is served from and serves itself: its three doors, pilot and the CA, as far as settings name them by address. */
export function ownPlaces({ node, adminAddress, ports, pilotAddress, identity }: NodeSettings & Partial<ProxySettings>): readonly Place[] {
  return [
    { address: adminAddress, port: ports.admin },
    { address: node.address, port: ports.health },
    { address: node.address, port: ports.metrics },
    ...(pilotAddress === undefined ? [] : placesAt(pilotAddress)),
    ...(identity === null ? [] : placesAt(identity.caAddress)),
  ]
}

/** A name other than localhost is not resolved for this. */
function placesAt(endpoint: string): readonly Place[] {
  const colon = endpoint.lastIndexOf(':')
  const port = Number(endpoint.slice(colon + 1))
  const host = endpoint.slice(0, colon).replace(/^\[|\]$/g, '')
  if (host === 'localhost') return ['127.0.0.1', '::1'].map((address) => ({ address, port }))
  return isIP(host) === 0 ? [] : [{ address: host, port }]
}
