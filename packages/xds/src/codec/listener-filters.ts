import type { Listener } from '@mesh/core/view'
import type { ListenerFilter, ListenerFilterSchema } from '@mesh/rpc/gen/envoy/config/listener/v3/listener_components_pb'
import { ProxyProtocolSchema } from '@mesh/rpc/gen/envoy/extensions/filters/listener/proxy_protocol/v3/proxy_protocol_pb'
import { TlsInspectorSchema } from '@mesh/rpc/gen/envoy/extensions/filters/listener/tls_inspector/v3/tls_inspector_pb'
import { pack, unpack } from './any.ts'
import type { Init } from './init.ts'
import { refuse } from './refusal.ts'

type Reading = Pick<Listener, 'inspectTls' | 'proxyProtocol'>

const PROXY_PROTOCOL = 'envoy.filters.listener.proxy_protocol'
const TLS_INSPECTOR = 'envoy.filters.listener.tls_inspector'

/** What reads the first bytes of a connection, in the order in which it reads: a PROXY header stands before TLS. */
export function encodeListenerFilters({ inspectTls, proxyProtocol }: Reading): Init<typeof ListenerFilterSchema>[] {
  const proxy = proxyProtocol === undefined ? [] : [filter(PROXY_PROTOCOL, pack(ProxyProtocolSchema, {}))]
  return inspectTls ? [...proxy, filter(TLS_INSPECTOR, pack(TlsInspectorSchema, {}))] : proxy
}

/** Envoy's options of either filter are refused: one of them would let connections without the header in. */
export function decodeListenerFilters(filters: readonly ListenerFilter[]): Reading {
  for (const { name, configType } of filters) {
    const schema = SCHEMAS.get(name)
    if (schema === undefined) refuse(`listener filter ${name} is not supported`)
    if (configType.value !== undefined) unpack(schema, configType.value)
  }
  const at = filters.findLastIndex(({ name }) => name === PROXY_PROTOCOL)
  if (at > 0) refuse(`listener filter ${PROXY_PROTOCOL} must be the first, and the only one of its sort`)
  return { inspectTls: filters.length > at + 1, ...(at < 0 ? {} : { proxyProtocol: true }) }
}

const SCHEMAS = new Map<string, typeof ProxyProtocolSchema | typeof TlsInspectorSchema>([
  [PROXY_PROTOCOL, ProxyProtocolSchema],
  [TLS_INSPECTOR, TlsInspectorSchema],
])

function filter(name: string, value: ReturnType<typeof pack>): Init<typeof ListenerFilterSchema> {
  return { name, configType: { case: 'typedConfig', value } }
}
