import type { ChainMatch, DownstreamTls } from '../../view/listener.ts'
import type { Protocol } from '../protocol.ts'
import type { MtlsMode } from './mtls.ts'

/** One way into a port: by which first bytes, with mesh TLS or not, and what runs on it. */
export interface ChainShape {
  readonly match: ChainMatch
  readonly mesh: boolean
  readonly kind: 'http' | 'tcp'
}

/**
 * Istio's filter chain matches of an inbound port (pilot `getFilterChainMatchOptions`):
 * mesh TLS is told from an application's own by its ALPN, and HTTP from opaque bytes by the ALPN of the mesh.
 */
export function chainShapes(protocol: Protocol, mode: MtlsMode): readonly ChainShape[] {
  if (mode === 'DISABLE') return [{ match: {}, mesh: false, kind: saysHttp(protocol) ? 'http' : 'tcp' }]
  return mode === 'STRICT' ? strict(protocol) : permissive(protocol)
}

/** What the workload's own certificate serves: peers must show theirs. */
export function meshTls(kind: 'http' | 'tcp', trustDomains: readonly string[]): DownstreamTls {
  return { mode: 'mesh', alpn: kind === 'http' ? HTTP_ALPN : TCP_ALPN, requireClientCert: true, trustDomains }
}

function strict(protocol: Protocol): readonly ChainShape[] {
  if (saysHttp(protocol)) return [{ match: { transport: 'tls' }, mesh: true, kind: 'http' }]
  const opaque: ChainShape = { match: { transport: 'tls' }, mesh: true, kind: 'tcp' }
  return protocol === 'auto' ? [MESH_HTTP, opaque] : [opaque]
}

function permissive(protocol: Protocol): readonly ChainShape[] {
  if (saysHttp(protocol)) return [MESH_ANY_HTTP, { match: { transport: 'raw' }, mesh: false, kind: 'http' }]
  const opaque: readonly ChainShape[] = [
    { match: { transport: 'tls', alpn: ALL_ALPN }, mesh: true, kind: 'tcp' },
    { match: { transport: 'tls' }, mesh: false, kind: 'tcp' },
    { match: { transport: 'raw' }, mesh: false, kind: 'tcp' },
  ]
  return protocol === 'auto' ? [MESH_HTTP, ...opaque] : opaque
}

function saysHttp(protocol: Protocol): boolean {
  return protocol === 'http' || protocol === 'h2'
}

/** In the order of our preference, HTTP/2 first: a peer offers it where it wants it. */
const HTTP_ALPN: readonly string[] = ['istio-h2', 'istio-http/1.1', 'istio-http/1.0', 'h2', 'istio', 'http/1.1']
const MESH_HTTP_ALPN: readonly string[] = ['istio-http/1.0', 'istio-http/1.1', 'istio-h2']
const TCP_ALPN: readonly string[] = ['istio-peer-exchange', 'istio-h2', 'istio', 'h2', 'http/1.1']
const ALL_ALPN: readonly string[] = ['istio-peer-exchange', 'istio', ...MESH_HTTP_ALPN]

const MESH_HTTP: ChainShape = {
  match: { transport: 'tls', alpn: MESH_HTTP_ALPN },
  mesh: true,
  kind: 'http',
}
const MESH_ANY_HTTP: ChainShape = { match: { transport: 'tls', alpn: ALL_ALPN }, mesh: true, kind: 'http' }
