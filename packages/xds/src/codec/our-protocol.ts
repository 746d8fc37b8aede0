import type { Cluster } from '@mesh/core/view'
import type { JsonObject } from '@mesh/rpc/protobuf'
import { asObject } from './metadata.ts'

type Ours = Pick<Cluster, 'protocol' | 'maxConcurrentStreams' | 'http2KeepAlive'>

/**
 * What a cluster speaks, where Envoy has no word for it: nothing of HTTP, or HTTP/2 among proxies of this mesh alone. Envoy's own
 * `auto_config` would be taken up by any server that answers `h2`, and is refused where some endpoints are plain text.
 */
export function encodeOurProtocol({ protocol, maxConcurrentStreams, http2KeepAlive }: Ours): JsonObject {
  if (protocol === 'tcp') return { protocol }
  if (protocol !== 'auto') return {}
  return {
    protocol,
    ...(maxConcurrentStreams === undefined ? {} : { maxConcurrentStreams }),
    ...(http2KeepAlive === undefined ? {} : { http2KeepAlive: { ...http2KeepAlive } }),
  }
}

/** Undefined for a cluster about which our metadata says nothing. */
export function decodeOurProtocol({ protocol, maxConcurrentStreams, http2KeepAlive }: JsonObject): Ours | undefined {
  if (protocol === 'tcp') return { protocol }
  if (protocol !== 'auto') return undefined
  const { intervalMs, timeoutMs } = asObject(http2KeepAlive)
  return {
    protocol,
    ...(typeof maxConcurrentStreams === 'number' ? { maxConcurrentStreams } : {}),
    ...(typeof intervalMs === 'number' && typeof timeoutMs === 'number' ? { http2KeepAlive: { intervalMs, timeoutMs } } : {}),
  }
}
