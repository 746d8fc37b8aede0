import { ACCESS_LOG, gateway, objectsOf, routes, routeTo, staticHost } from '../../../../packages/proxy/src/testdata/lone-gateway.ts'
import { startProxy } from '../../running/proxy.ts'
import type { Peer } from './peer.ts'

/** Ours, a gateway on a folder of YAML; its access log says what it understood. */
export const MESH: Peer = {
  name: 'mesh',
  start: ({ port, upstreamPort, dir }) => startProxy({ dir, port, files: { 'all.yaml': yaml(port, upstreamPort) } }),
}

function yaml(port: number, upstreamPort: number): string {
  const web = staticHost({ host: 'web.internal', at: { v1: upstreamPort } })
  return objectsOf(gateway([{ port }]), routes([routeTo('web.internal')]), web, ACCESS_LOG)
}
