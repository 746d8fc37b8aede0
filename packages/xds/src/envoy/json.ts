import { create, toJson, type DescMessage, type JsonObject, type JsonValue, type MessageInitShape } from '@mesh/rpc/protobuf'
import { ClusterSchema } from '@mesh/rpc/gen/envoy/config/cluster/v3/cluster_pb'
import { ZipkinConfigSchema } from '@mesh/rpc/gen/envoy/config/trace/v3/zipkin_pb'
import { FileAccessLogSchema } from '@mesh/rpc/gen/envoy/extensions/access_loggers/file/v3/file_pb'
import { HTTPFaultSchema } from '@mesh/rpc/gen/envoy/extensions/filters/http/fault/v3/fault_pb'
import { RBACSchema as HttpRbacSchema } from '@mesh/rpc/gen/envoy/extensions/filters/http/rbac/v3/rbac_pb'
import { RouterSchema } from '@mesh/rpc/gen/envoy/extensions/filters/http/router/v3/router_pb'
import { ProxyProtocolSchema } from '@mesh/rpc/gen/envoy/extensions/filters/listener/proxy_protocol/v3/proxy_protocol_pb'
import { TlsInspectorSchema } from '@mesh/rpc/gen/envoy/extensions/filters/listener/tls_inspector/v3/tls_inspector_pb'
import { HttpConnectionManagerSchema } from '@mesh/rpc/gen/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb'
import { RBACSchema as NetworkRbacSchema } from '@mesh/rpc/gen/envoy/extensions/filters/network/rbac/v3/rbac_pb'
import { TcpProxySchema } from '@mesh/rpc/gen/envoy/extensions/filters/network/tcp_proxy/v3/tcp_proxy_pb'
import { PreviousHostsPredicateSchema } from '@mesh/rpc/gen/envoy/extensions/retry/host/previous_hosts/v3/previous_hosts_pb'
import { RawBufferSchema } from '@mesh/rpc/gen/envoy/extensions/transport_sockets/raw_buffer/v3/raw_buffer_pb'
import { DownstreamTlsContextSchema, UpstreamTlsContextSchema } from '@mesh/rpc/gen/envoy/extensions/transport_sockets/tls/v3/tls_pb'
import { HttpProtocolOptionsSchema } from '@mesh/rpc/gen/envoy/extensions/upstreams/http/v3/http_protocol_options_pb'

/** All that our resources put into an `Any`. */
const TYPES = typesOf(
  ClusterSchema,
  DownstreamTlsContextSchema,
  FileAccessLogSchema,
  HTTPFaultSchema,
  HttpConnectionManagerSchema,
  HttpProtocolOptionsSchema,
  HttpRbacSchema,
  NetworkRbacSchema,
  PreviousHostsPredicateSchema,
  ProxyProtocolSchema,
  RawBufferSchema,
  RouterSchema,
  TcpProxySchema,
  TlsInspectorSchema,
  UpstreamTlsContextSchema,
  ZipkinConfigSchema,
)

/** A message as Envoy's own JSON: snake_case names, `@type` in each `Any`. */
export function envoyJson<D extends DescMessage>(schema: D, message: MessageInitShape<D>): JsonObject {
  const json: JsonValue = toJson(schema, create(schema, message), TYPES)
  return json as JsonObject
}

function typesOf(...schemas: readonly DescMessage[]): ReadonlyMap<string, DescMessage> {
  return new Map(schemas.map((schema) => [schema.typeName, schema]))
}
