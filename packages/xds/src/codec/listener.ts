import type { Listener } from '@mesh/core/view'
import type { Listener as ListenerMessage, ListenerSchema } from '@mesh/rpc/gen/envoy/config/listener/v3/listener_pb'
import { TrafficDirection } from '@mesh/rpc/gen/envoy/config/core/v3/base_pb'
import { TlsInspectorSchema } from '@mesh/rpc/gen/envoy/extensions/filters/listener/tls_inspector/v3/tls_inspector_pb'
import { decodeAddress, encodeAddress } from './address.ts'
import { pack, unpack } from './any.ts'
import { decodeChain, encodeChain } from './filter-chain.ts'
import type { Init } from './init.ts'
import { asList, decodeOrigin, encodeFacts, encodeOrigin, meshFacts } from './metadata.ts'
import { refuse } from './refusal.ts'

const TLS_INSPECTOR = 'envoy.filters.listener.tls_inspector'

/** LDS: a listener. A gateway's is outbound in Envoy's words, as in Istio; our metadata tells the difference. */
export function encodeListener(listener: Listener): Init<typeof ListenerSchema> {
  const metadata = encodeFacts({ origin: listener.origins[0], mesh: facts(listener) })
  return {
    name: listener.name,
    address: encodeAddress(listener),
    trafficDirection: listener.direction === 'inbound' ? TrafficDirection.INBOUND : TrafficDirection.OUTBOUND,
    listenerFilters: listener.inspectTls
      ? [{ name: TLS_INSPECTOR, configType: { case: 'typedConfig', value: pack(TlsInspectorSchema, {}) } }]
      : [],
    filterChains: listener.chains.map(encodeChain),
    ...(metadata === undefined ? {} : { metadata }),
  }
}

export function decodeListener(listener: ListenerMessage): Listener {
  if (listener.apiListener !== undefined) refuse('an API listener is not for a proxy')
  return {
    name: listener.name,
    ...decodeAddress(listener.address),
    direction: decodeDirection(listener),
    chains: listener.filterChains.map(decodeChain),
    inspectTls: decodeInspector(listener),
    origins: asList(meshFacts(listener.metadata)['origins']).flatMap((json) => decodeOrigin(json) ?? []),
  }
}

function facts(listener: Listener) {
  return {
    ...(listener.direction === 'gateway' ? { direction: listener.direction } : {}),
    ...(listener.origins.length === 0 ? {} : { origins: listener.origins.map(encodeOrigin) }),
  }
}

function decodeDirection(listener: ListenerMessage): Listener['direction'] {
  if (meshFacts(listener.metadata)['direction'] === 'gateway') return 'gateway'
  return listener.trafficDirection === TrafficDirection.INBOUND ? 'inbound' : 'outbound'
}

function decodeInspector(listener: ListenerMessage): boolean {
  for (const filter of listener.listenerFilters) {
    if (filter.name !== TLS_INSPECTOR) refuse(`listener filter ${filter.name} is not supported`)
    if (filter.configType.value !== undefined) unpack(TlsInspectorSchema, filter.configType.value)
  }
  return listener.listenerFilters.length > 0
}
