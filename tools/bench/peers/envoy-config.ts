import { SERVER, spiffeIdOf, type CertFiles } from '../pki.ts'
import type { Site } from './peer.ts'

const TYPE = 'type.googleapis.com/envoy.extensions'

/** One listener, one cluster per host, as Istio would ask of a sidecar as far as plain Envoy can. */
export function envoyConfig(site: Site, port: number, tls: { readonly in?: CertFiles; readonly out?: CertFiles } = {}): unknown {
  const down = tls.in === undefined ? {} : { transport_socket: transport('Downstream', tls.in) }
  const filter = site.setup === 'tcp' ? tcpFilter() : httpFilter(site, tls.in !== undefined)
  return {
    static_resources: {
      listeners: [{ name: 'in', address: address(port), filter_chains: [{ filters: [filter], ...down }] }],
      clusters: [...site.hosts.map((_, at) => cluster(`h${at}`, site, tls.out)), { ...cluster('zipkin', site, undefined), name: 'zipkin' }],
    },
  }
}

function address(port: number): unknown {
  return { socket_address: { address: '127.0.0.1', port_value: port } }
}

function tcpFilter(): unknown {
  const config = { '@type': `${TYPE}.filters.network.tcp_proxy.v3.TcpProxy`, stat_prefix: 'in', cluster: 'h0' }
  return { name: 'envoy.filters.network.tcp_proxy', typed_config: config }
}

function httpFilter({ setup, hosts, prefix }: Site, inbound: boolean): unknown {
  const router = { name: 'envoy.filters.http.router', typed_config: { '@type': `${TYPE}.filters.http.router.v3.Router` } }
  const route = (to: string, start: string): unknown => ({
    match: { prefix: start },
    route: { cluster: to, timeout: '0s', retry_policy: { retry_on: RETRY_ON, num_retries: 2 } },
  })
  const host = (name: string, at: number): unknown => ({
    name,
    domains: [name],
    routes: [route(`h${at}`, prefix), route(`h${at}`, '/')],
  })
  const any = [{ name: 'any', domains: ['*'], routes: [route('h0', '/')] }]
  const config = {
    '@type': `${TYPE}.filters.network.http_connection_manager.v3.HttpConnectionManager`,
    stat_prefix: 'in',
    codec_type: setup === 'h2' ? 'HTTP2' : 'HTTP1',
    use_remote_address: false,
    normalize_path: true,
    route_config: { name: 'bench', virtual_hosts: inbound ? any : hosts.map(host) },
    http_filters: [router],
    tracing: { provider: { name: 'envoy.tracers.zipkin', typed_config: ZIPKIN }, random_sampling: { value: 0 } },
    ...(inbound ? { forward_client_cert_details: 'APPEND_FORWARD', set_current_client_cert_details: { uri: true } } : {}),
  }
  return { name: 'envoy.filters.network.http_connection_manager', typed_config: config }
}

function cluster(name: string, { setup, upstreamPort }: Site, out: CertFiles | undefined): object {
  const h2 = { '@type': `${TYPE}.upstreams.http.v3.HttpProtocolOptions`, explicit_http_config: { http2_protocol_options: {} } }
  const options =
    setup === 'h2' ? { typed_extension_protocol_options: { 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': h2 } } : {}
  return {
    name,
    type: 'STATIC',
    connect_timeout: '2s',
    lb_policy: 'ROUND_ROBIN',
    load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: [{ endpoint: { address: address(upstreamPort) } }] }] },
    ...options,
    ...(out === undefined ? {} : { transport_socket: transport('Upstream', out) }),
  }
}

/** Mutual TLS; towards the upstream its SPIFFE id is asked for, of a client one of the trust domain. */
function transport(side: 'Upstream' | 'Downstream', { cert, key, root }: CertFiles): unknown {
  const names = side === 'Upstream' ? { exact: spiffeIdOf(SERVER) } : { prefix: 'spiffe://cluster.local/' }
  const common = {
    tls_certificates: [{ certificate_chain: { filename: cert }, private_key: { filename: key } }],
    validation_context: { trusted_ca: { filename: root }, match_typed_subject_alt_names: [{ san_type: 'URI', matcher: names }] },
    alpn_protocols: ['istio-http/1.1', 'istio', 'http/1.1'],
    tls_params: { tls_maximum_protocol_version: 'TLSv1_3' },
  }
  const more = side === 'Upstream' ? { sni: 'server.default.svc.cluster.local' } : { require_client_certificate: true }
  const config = { '@type': `${TYPE}.transport_sockets.tls.v3.${side}TlsContext`, common_tls_context: common, ...more }
  return { name: 'envoy.transport_sockets.tls', typed_config: config }
}

const RETRY_ON = 'connect-failure,refused-stream,unavailable,cancelled'
const ZIPKIN = {
  '@type': 'type.googleapis.com/envoy.config.trace.v3.ZipkinConfig',
  collector_cluster: 'zipkin',
  collector_endpoint: '/api/v2/spans',
  collector_endpoint_version: 'HTTP_JSON',
}
