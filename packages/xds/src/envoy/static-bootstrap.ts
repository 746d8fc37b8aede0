import type { JsonObject } from '@mesh/rpc/protobuf'
import type { Cluster, FilterChain, Listener, View } from '@mesh/core/view'
import { ClusterSchema } from '@mesh/rpc/gen/envoy/config/cluster/v3/cluster_pb'
import { ListenerSchema } from '@mesh/rpc/gen/envoy/config/listener/v3/listener_pb'
import { encodeCluster } from '../codec/cluster.ts'
import { encodeListener } from '../codec/listener.ts'
import { envoyJson } from './json.ts'

/**
 * A view as a static bootstrap, to be run or judged (`envoy --mode validate`) by a real Envoy without a control plane:
 * route tables and endpoints stand inline. Secrets come from `sdsPath`, the unix socket of an agent, where TLS uses the mesh identity.
 */
export function staticBootstrap(view: View, sdsPath = '/var/run/mesh/sds.sock'): JsonObject {
  return {
    node: { id: 'static', cluster: 'static' },
    static_resources: {
      listeners: view.listeners.map((listener) => envoyJson(ListenerSchema, encodeListener(withRoutes(listener, view)))),
      clusters: [
        ...view.clusters.map((cluster) => envoyJson(ClusterSchema, encodeCluster(withEndpoints(cluster, view)))),
        sdsCluster(sdsPath),
      ],
    },
  }
}

function withRoutes(listener: Listener, view: View): Listener {
  return { ...listener, chains: listener.chains.map((chain) => withTable(chain, view)) }
}

function withTable(chain: FilterChain, view: View): FilterChain {
  if (chain.filter.kind !== 'http' || chain.filter.routes.kind === 'inline') return chain
  const { name } = chain.filter.routes
  const table = view.routes.find((one) => one.name === name) ?? { name, hosts: [] }
  return { ...chain, filter: { ...chain.filter, routes: { kind: 'inline', table } } }
}

function withEndpoints(cluster: Cluster, view: View): Cluster {
  if (cluster.discovery.kind !== 'eds') return cluster
  const endpoints = view.endpoints.find((one) => one.cluster === cluster.name)?.endpoints ?? []
  return { ...cluster, discovery: { kind: 'static', endpoints } }
}

function sdsCluster(path: string): JsonObject {
  return {
    name: 'sds-grpc',
    connect_timeout: '1s',
    type: 'STATIC',
    typed_extension_protocol_options: {
      'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
        '@type': 'type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions',
        explicit_http_config: { http2_protocol_options: {} },
      },
    },
    load_assignment: { cluster_name: 'sds-grpc', endpoints: [{ lb_endpoints: [{ endpoint: { address: { pipe: { path } } } }] }] },
  }
}
