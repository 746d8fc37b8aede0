import type { AuthzFilter } from '../view/authz.ts'
import type { HttpFilterChain, PathNormalization } from '../view/listener.ts'
import { asksPath, asksRemoteIp } from './authz/asks.ts'
import { gatewayIds } from './nodes.ts'
import type { Registry } from './registry/registry.ts'
import type { MeshSettings } from './settings.ts'

/** How the requests of a chain are read before anything judges them. */
export type RequestView = Pick<HttpFilterChain, 'pathNormalization' | 'forwarded'>

/** Of a sidecar's inbound chain: the gateways of the mesh are believed when they say for whom they forward, nobody else is. */
export function inboundView({ snapshot, settings }: Registry, authz: readonly AuthzFilter[]): RequestView {
  const from = asksRemoteIp(authz) ? gatewayIds(snapshot) : []
  const forwarded = from.length === 0 ? {} : { forwarded: { from, hops: settings.trustedProxies } }
  return { ...pathView(settings, authz), ...forwarded }
}

/** Of a gateway's chain: it says itself for whom it forwards, as far as the proxies in front of it are trusted. */
export function gatewayView({ settings }: Registry, authz: readonly AuthzFilter[]): RequestView {
  const forwarded = settings.trustedProxies === 0 ? {} : { forwarded: { from: [], hops: settings.trustedProxies } }
  return { ...pathView(settings, authz), ...forwarded }
}

/** What the mesh says about paths; where it says nothing, slashes are merged for policies that judge them. */
export function pathView({ pathNormalization: said }: MeshSettings, authz: readonly AuthzFilter[]): RequestView {
  const how = said === 'DEFAULT' ? (asksPath(authz) ? 'merge-slashes' : undefined) : LEVELS[said]
  return how === undefined ? {} : { pathNormalization: how }
}

const LEVELS = {
  NONE: 'none',
  BASE: undefined,
  MERGE_SLASHES: 'merge-slashes',
  DECODE_AND_MERGE_SLASHES: 'decode-and-merge-slashes',
} as const satisfies Record<string, PathNormalization | undefined>
