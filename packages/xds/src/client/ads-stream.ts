import { RpcError, type RpcChannel, type StreamListener } from '@mesh/rpc'
import type { NodeSchema } from '@mesh/rpc/gen/envoy/config/core/v3/base_pb'
import { AggregatedDiscoveryService } from '@mesh/rpc/gen/envoy/service/discovery/v3/ads_pb'
import type { DeltaDiscoveryResponseSchema, DiscoveryResponseSchema } from '@mesh/rpc/gen/envoy/service/discovery/v3/discovery_pb'
import type { Init } from '../codec/init.ts'
import type { ClientRequest, ServerResponse } from './message.ts'
import { deltaMessage, deltaResponse, sotwMessage, sotwResponse } from './wire.ts'

/** One aggregated stream of either variant. */
export interface AdsStream {
  /** `node` goes with the first request. */
  send(request: ClientRequest, node?: Init<typeof NodeSchema>): void
  cancel(): void
}

export interface AdsStreamEvents {
  readonly onResponse: (response: ServerResponse) => void
  readonly onClose: (reason: string) => void
}

export function openAdsStream(channel: RpcChannel, mode: 'sotw' | 'delta', events: AdsStreamEvents): AdsStream {
  return mode === 'sotw' ? openSotw(channel, events) : openDelta(channel, events)
}

function openSotw(channel: RpcChannel, events: AdsStreamEvents): AdsStream {
  const listener = listen<typeof DiscoveryResponseSchema>((message) => sotwResponse(message), events)
  const stream = channel.stream(AggregatedDiscoveryService.method.streamAggregatedResources, listener)
  return {
    send: (request, node) => void stream.write({ ...sotwMessage(request), ...(node === undefined ? {} : { node }) }),
    cancel: () => stream.cancel(),
  }
}

function openDelta(channel: RpcChannel, events: AdsStreamEvents): AdsStream {
  const listener = listen<typeof DeltaDiscoveryResponseSchema>((message) => deltaResponse(message), events)
  const stream = channel.stream(AggregatedDiscoveryService.method.deltaAggregatedResources, listener)
  return {
    send: (request, node) => void stream.write({ ...deltaMessage(request), ...(node === undefined ? {} : { node }) }),
    cancel: () => stream.cancel(),
  }
}

function listen<O extends typeof DiscoveryResponseSchema | typeof DeltaDiscoveryResponseSchema>(
  read: (message: Parameters<StreamListener<O>['onMessage']>[0]) => ServerResponse | undefined,
  { onResponse, onClose }: AdsStreamEvents,
): StreamListener<O> {
  return {
    onMessage: (message) => {
      const response = read(message)
      if (response !== undefined) onResponse(response)
    },
    onClose: (error) => onClose(error instanceof RpcError ? `${error.code}: ${error.message}` : 'the server ended the stream'),
  }
}
