import type { Cluster, UpstreamTls } from '../../view/cluster.ts'
import type { StringMatch } from '../../view/match.ts'
import { compareText } from '../order.ts'
import { meshSni } from '../names.ts'
import { instancesOf } from '../registry/registry.ts'
import type { MeshService } from '../registry/service.ts'
import type { Scope } from '../scope.ts'
import type { PolicyParts } from './policy.ts'

/** Which cluster TLS is made for. */
export interface TlsTarget {
  readonly service: MeshService
  readonly port: number
  readonly subset: string
  readonly protocol: Cluster['protocol']
}

/** TLS towards a cluster: as a rule says, else mesh TLS to endpoints that take it; undefined is plain text. */
export function upstreamTls(scope: Scope, target: TlsTarget, tls: PolicyParts['tls']): UpstreamTls | undefined {
  const mode = tlsMode(scope, target.service, tls)
  if (mode === undefined) return undefined
  if (mode === 'simple') return simpleTls(target, tls ?? {})
  return meshTls(scope, target, mode, mode === 'mutual' ? (tls?.subjectAltNames ?? []) : [])
}

/** How a cluster is protected; undefined: not at all. */
export function tlsMode(scope: Scope, service: MeshService, tls: PolicyParts['tls']): UpstreamTls['mode'] | undefined {
  if (tls === undefined) return takesAutoTls(scope, service) ? 'auto' : undefined
  const { mode = 'DISABLE' } = tls
  if (mode === 'DISABLE') return undefined
  return mode === 'ISTIO_MUTUAL' ? 'mutual' : 'simple'
}

function takesAutoTls(scope: Scope, service: MeshService): boolean {
  const { node, registry } = scope
  return registry.settings.autoMtls && node.identity && !service.external && service.resolution !== 'none'
}

/** With Istio's ALPN, by which the other side tells mesh traffic from an application's own TLS. */
function meshTls(scope: Scope, target: TlsTarget, mode: 'mutual' | 'auto', named: readonly string[]): UpstreamTls {
  const { service, port, subset, protocol } = target
  const sans = named.length > 0 ? named : identitiesOf(scope, service)
  return { mode, sni: meshSni(port, subset, service.host), alpn: ALPN[protocol], sans: exact(sans) }
}

function simpleTls(target: TlsTarget, tls: NonNullable<PolicyParts['tls']>): UpstreamTls {
  const { service, protocol } = target
  const sans = (tls.subjectAltNames ?? []).length > 0 ? (tls.subjectAltNames ?? []) : service.subjectAltNames
  return {
    mode: 'simple',
    sni: tls.sni ?? (service.host.startsWith('*') ? '' : service.host),
    alpn: protocol === 'http/1.1' || protocol === 'h2' ? [protocol] : [],
    sans: exact(sans),
    ...(tls.caCertificates === undefined || tls.caCertificates === '' ? {} : { caFile: tls.caCertificates }),
    ...(tls.insecureSkipVerify === true ? { insecureSkipVerify: true } : {}),
  }
}

/** Secure naming: the identities under which a service may be served, in each trust domain of the mesh. */
function identitiesOf(scope: Scope, service: MeshService): readonly string[] {
  const { settings } = scope.registry
  const accounts = instancesOf(scope.registry, service)
    .filter((one) => one.serviceAccount !== '')
    .map((one) => `${one.namespace}/${one.serviceAccount}`)
  const declared = service.subjectAltNames.filter((name) => !isAccount(name))
  const local = [...accounts, ...service.subjectAltNames.filter(isAccount)]
  const domains = [scope.node.trustDomain, ...settings.trustDomainAliases]
  const ids = local.flatMap((account) => domains.map((domain) => `spiffe://${domain}/ns/${account.replace('/', '/sa/')}`))
  return [...declared, ...ids]
}

/** `namespace/account`, as the annotation of a Service names it. */
function isAccount(name: string): boolean {
  return !name.startsWith('spiffe://') && name.includes('/')
}

function exact(values: readonly string[]): readonly StringMatch[] {
  return [...new Set(values)].sort(compareText).map((value) => ({ kind: 'exact', value }))
}

/** Where the caller chooses the version of HTTP, a proxy adds the names of that one; where both ends choose it, a proxy of this mesh adds the name that only such a one answers. */
const ALPN: Readonly<Record<Cluster['protocol'], readonly string[]>> = {
  'http/1.1': ['istio-http/1.1', 'istio', 'http/1.1'],
  h2: ['istio-h2', 'istio', 'h2'],
  auto: ['istio-http/1.1', 'istio', 'http/1.1'],
  downstream: ['istio'],
  tcp: ['istio-peer-exchange', 'istio'],
}
