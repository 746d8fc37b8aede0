import type { Listener } from '@mesh/core/view'
import type { Listener as ListenerMessage, ListenerSchema } from '@mesh/rpc/gen/envoy/config/listener/v3/listener_pb'
import { TrafficDirection } from '@mesh/rpc/gen/envoy/config/core/v3/base_pb'
import { decodeAddress, encodeAddress } from './address.ts'
import { decodeChain, encodeChain } from './filter-chain.ts'
import type { Init } from './init.ts'
import { decodeListenerFilters, encodeListenerFilters } from './listener-filters.ts'
import { asList, decodeOrigin, encodeFacts, encodeOrigin, meshFacts } from './metadata.ts'
import { refuse } from './refusal.ts'

/** LDS: a listener. A gateway's is outbound in Envoy's words, as in Istio; our metadata tells the difference. */
export function encodeListener(listener: Listener): Init<typeof ListenerSchema> {
  const metadata = encodeFacts({ origin: listener.origins[0], mesh: facts(listener) })
  return {
    name: listener.name,
    address: encodeAddress(listener),
    trafficDirection: listener.direction === 'inbound' ? TrafficDirection.INBOUND : TrafficDirection.OUTBOUND,
    listenerFilters: encodeListenerFilters(listener),
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
    ...decodeListenerFilters(listener.listenerFilters),
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
