import { startProxy } from '../../running/proxy.ts'
import type { Peer } from './peer.ts'

/** Ours, a gateway on a folder of YAML; its access log says what it understood. */
export const MESH: Peer = {
  name: 'mesh',
  start: ({ port, upstreamPort, dir }) => startProxy({ dir, port, files: { 'all.yaml': yaml(port, upstreamPort) } }),
}

function yaml(port: number, upstreamPort: number): string {
  return `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: web }
spec:
  servers:
    - port: { number: ${port}, name: http, protocol: HTTP }
      hosts: ['*']
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: web }
spec:
  hosts: ['*']
  gateways: [web]
  http:
    - route: [{ destination: { host: web.internal } }]
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: web }
spec:
  hosts: [web.internal]
  location: MESH_INTERNAL
  resolution: STATIC
  ports: [{ number: 80, name: http, protocol: HTTP }]
  endpoints: [{ address: 127.0.0.1, ports: { http: ${upstreamPort} } }]
---
apiVersion: v1
kind: ConfigMap
metadata: { name: istio, namespace: istio-system }
data:
  mesh: |-
    accessLogFile: /dev/stdout
`
}
