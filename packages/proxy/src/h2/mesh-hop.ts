import type { Conn } from '@mesh/io'
import { H2_LIMITS, H2_MESH_LIMITS, type H2Limits } from '@mesh/wire'

/** The ALPN name by which two proxies of this mesh agree on HTTP/2 among themselves: nobody else offers or answers it. */
export const MESH_H2 = 'mesh-h2'

/** Whether both ends of a connection are proxies of this mesh that speak HTTP/2. */
export function isMeshHop({ tls }: Pick<Conn, 'tls'>): boolean {
  return tls?.alpn === MESH_H2
}

/** The bounds of a connection of HTTP/2; `streams`: so many calls at once we take from another proxy of this mesh. */
export function meshLimits(conn: Pick<Conn, 'tls'>, streams: number = H2_MESH_LIMITS.maxConcurrentStreams): H2Limits {
  if (!isMeshHop(conn)) return H2_LIMITS
  if (streams === H2_MESH_LIMITS.maxConcurrentStreams) return H2_MESH_LIMITS
  let limits = FEWER.get(streams)
  if (limits === undefined) FEWER.set(streams, (limits = { ...H2_MESH_LIMITS, maxConcurrentStreams: streams }))
  return limits
}

/** One value for each, since heads that serve again are kept by it. */
const FEWER = new Map<number, H2Limits>()
