import type { Conn } from '@mesh/io'

/** The ALPN name by which two proxies of this mesh agree on HTTP/2 among themselves: nobody else offers or answers it. */
export const MESH_H2 = 'mesh-h2'

/** Whether both ends of a connection are proxies of this mesh that speak HTTP/2. */
export function isMeshHop({ tls }: Pick<Conn, 'tls'>): boolean {
  return tls?.alpn === MESH_H2
}
