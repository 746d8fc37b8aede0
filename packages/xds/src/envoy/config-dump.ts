import type { JsonObject } from '@mesh/rpc/protobuf'
import type { HttpFilterChain, NodeSelf, View } from '@mesh/core/view'
import { ClusterSchema } from '@mesh/rpc/gen/envoy/config/cluster/v3/cluster_pb'
import { NodeSchema } from '@mesh/rpc/gen/envoy/config/core/v3/base_pb'
import { ClusterLoadAssignmentSchema } from '@mesh/rpc/gen/envoy/config/endpoint/v3/endpoint_pb'
import { ListenerSchema } from '@mesh/rpc/gen/envoy/config/listener/v3/listener_pb'
import { RouteConfigurationSchema } from '@mesh/rpc/gen/envoy/config/route/v3/route_pb'
import { encodeCluster } from '../codec/cluster.ts'
import { encodeEndpoints } from '../codec/endpoint.ts'
import { encodeListener } from '../codec/listener.ts'
import { encodeNode } from '../codec/node.ts'
import { encodeRouteTable } from '../codec/route.ts'
import { TYPE_URLS } from '../resource-type.ts'
import { envoyJson } from './json.ts'

/** A secret as it may be shown: there is no field for a private key. */
export interface ShownSecret {
  readonly name: string
  readonly certChainPem?: string
  readonly rootsPem?: string
}

export interface DumpFacts {
  readonly secrets: readonly ShownSecret[]
  readonly version: string
  /** Unix milliseconds. */
  readonly lastUpdatedMs: number
  readonly node?: NodeSelf
}

/** A view in the form of Envoy's admin page `/config_dump` (`envoy.admin.v3.ConfigDump`), as JSON. Private keys are never in it. */
export function configDump(view: View, facts: DumpFacts): JsonObject {
  const dated = { version_info: facts.version, last_updated: new Date(facts.lastUpdatedMs).toISOString() }
  return {
    configs: [
      ...(facts.node === undefined
        ? []
        : [dump('Bootstrap', { bootstrap: { node: envoyJson(NodeSchema, encodeNode(facts.node)) }, last_updated: dated.last_updated })]),
      dump('Clusters', {
        version_info: facts.version,
        dynamic_active_clusters: view.clusters.map((one) => ({
          ...dated,
          cluster: typed('CDS', envoyJson(ClusterSchema, encodeCluster(one))),
        })),
      }),
      dump('Listeners', {
        version_info: facts.version,
        dynamic_listeners: view.listeners.map((one) => ({
          name: one.name,
          active_state: { ...dated, listener: typed('LDS', envoyJson(ListenerSchema, encodeListener(one))) },
        })),
      }),
      dump('Routes', {
        static_route_configs: inlineTables(view).map((one) => ({ last_updated: dated.last_updated, route_config: routeJson(one) })),
        dynamic_route_configs: view.routes.map((one) => ({ ...dated, route_config: routeJson(one) })),
      }),
      dump('Endpoints', {
        dynamic_endpoint_configs: view.endpoints.map((one) => ({
          ...dated,
          endpoint_config: typed('EDS', envoyJson(ClusterLoadAssignmentSchema, encodeEndpoints(one))),
        })),
      }),
      dump('Secrets', { dynamic_active_secrets: facts.secrets.map((one) => ({ name: one.name, ...dated, secret: secretJson(one) })) }),
    ],
  }
}

function dump(kind: string, content: JsonObject): JsonObject {
  return { '@type': `type.googleapis.com/envoy.admin.v3.${kind}ConfigDump`, ...content }
}

function typed(type: keyof typeof TYPE_URLS, content: JsonObject): JsonObject {
  return { '@type': TYPE_URLS[type], ...content }
}

function routeJson(table: View['routes'][number]): JsonObject {
  return typed('RDS', envoyJson(RouteConfigurationSchema, encodeRouteTable(table)))
}

function inlineTables(view: View): View['routes'] {
  const http = view.listeners.flatMap(({ chains }) =>
    chains.flatMap(({ filter }): HttpFilterChain[] => (filter.kind === 'http' ? [filter] : [])),
  )
  return http.flatMap(({ routes }) => (routes.kind === 'inline' ? [routes.table] : []))
}

function secretJson({ name, certChainPem, rootsPem }: ShownSecret): JsonObject {
  return {
    '@type': 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret',
    name,
    ...(certChainPem === undefined
      ? {}
      : { tls_certificate: { certificate_chain: inline(certChainPem), private_key: inline('[redacted]') } }),
    ...(rootsPem === undefined ? {} : { validation_context: { trusted_ca: inline(rootsPem) } }),
  }
}

/** `inline_bytes` is base64 in JSON, as Envoy shows it. */
function inline(text: string): JsonObject {
  return { inline_bytes: Buffer.from(text).toString('base64') }
}
