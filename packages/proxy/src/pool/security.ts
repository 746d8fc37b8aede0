import type { Cluster, Endpoint } from '@mesh/core/view'
import type { ClientTls } from '@mesh/io'
import { MESH_H2 } from '../h2/mesh-hop.ts'
import type { MeshIdentity } from '../identity/mesh-identity.ts'
import type { FileContexts } from '../identity/file-contexts.ts'
import { judgeNames } from '../identity/judge.ts'
import type { Limits } from '../limits.ts'
import type { Spoken } from './spoken.ts'

/** How a connection to an endpoint is protected. */
export type Security =
  | { readonly kind: 'plain' }
  | { readonly kind: 'tls'; readonly tls: ClientTls }
  /** It must be protected and cannot be: never plain text instead. */
  | { readonly kind: 'impossible'; readonly why: string }

interface Target {
  readonly endpoint: Endpoint
  readonly protocol: Spoken
}

export interface SecurityOptions {
  readonly identity: MeshIdentity
  readonly files: FileContexts
  readonly limits: Limits
}

const PLAIN: Security = { kind: 'plain' }

/** Whether connections to this endpoint are plain, carry the mesh identity, or are simple TLS; part of the key of a pool. */
export function securityMode(cluster: Cluster, endpoint: Endpoint): 'plain' | 'mesh' | 'simple' {
  const { tls } = cluster
  if (tls === undefined || (tls.mode === 'auto' && endpoint.tls !== 'istio')) return 'plain'
  return tls.mode === 'simple' ? 'simple' : 'mesh'
}

/** TLS options for a new connection with what is in force now. */
export function secure(cluster: Cluster, { endpoint, protocol }: Target, options: SecurityOptions): Security {
  const { tls } = cluster
  const mode = securityMode(cluster, endpoint)
  if (tls === undefined || mode === 'plain') return PLAIN
  const common = { alpn: alpnFor(cluster, protocol, mode === 'mesh'), sni: tls.sni, handshakeTimeoutMs: options.limits.handshakeMs }
  if (mode === 'mesh') {
    const context = options.identity.current?.context
    if (context === undefined) return { kind: 'impossible', why: 'this workload has no certificate yet' }
    return { kind: 'tls', tls: { ...common, context, verify: 'judge', judge: judgeNames(tls.sans) } }
  }
  const context = tls.caFile === undefined ? undefined : options.files.roots(tls.caFile)
  if (typeof context === 'string') return { kind: 'impossible', why: context }
  if (tls.insecureSkipVerify === true) return { kind: 'tls', tls: { ...common, context, verify: 'none' } }
  if (tls.sans.length === 0) return { kind: 'tls', tls: { ...common, context, verify: 'hostname' } }
  return { kind: 'tls', tls: { ...common, context, verify: 'judge', judge: judgeNames(tls.sans) } }
}

/**
 * Where the caller's version of HTTP is spoken, ALPN asks for that one, as Istio's `istio.alpn` filter does. HTTP/2 is asked for by the name of
 * this mesh before all others.
 */
function alpnFor({ protocol, tls }: Cluster, spoken: Spoken, mesh: boolean): readonly string[] {
  const named = protocol === 'downstream' ? namesOf(spoken, mesh, tls?.alpn ?? []) : (tls?.alpn ?? [])
  return mesh && (spoken === 'auto' || spoken === 'h2') ? [MESH_H2, ...named] : named
}

function namesOf(spoken: Spoken, mesh: boolean, named: readonly string[]): readonly string[] {
  return mesh ? [`istio-${spoken}`, ...named, spoken] : [spoken]
}
