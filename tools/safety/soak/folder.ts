import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { gateway, objectsOf, staticHost, tcpRoute } from '../../../packages/proxy/src/testdata/lone-gateway.ts'

const CERTS = resolve(import.meta.dirname, '../../../samples/bookshop/certs')
export const SERVER_NAME = 'books.example.com'
export const CA = readFileSync(join(CERTS, 'books-cert.pem'))

export interface Ports {
  readonly plain: number
  readonly tls: number
  readonly tcp: number
  readonly v1: number
  readonly v2: number
  readonly grpcUpstream: number
  readonly tcpUpstream: number
}

/** The folder of a gateway with a plain, a TLS and a TCP listener. */
export function folder(ports: Ports): Record<string, string> {
  return {
    'gateway.yaml': listeners(ports),
    'services.yaml': services(ports),
    'routes.yaml': routes(0),
    'tls.pem': readFileSync(join(CERTS, 'books-cert.pem'), 'utf8'),
    'tls-key.pem': readFileSync(join(CERTS, 'books-key.pem'), 'utf8'),
  }
}

function listeners({ plain, tls, tcp }: Ports): string {
  const secure = { serverCertificate: 'tls.pem', privateKey: 'tls-key.pem' }
  const servers = [
    { port: plain },
    { port: tls, protocol: 'HTTPS', hosts: [SERVER_NAME], tls: secure },
    { port: tcp, protocol: 'TCP' },
  ] as const
  return objectsOf(gateway(servers), tcpRoute(tcp, { host: 'lines.internal', port: { number: 7 } }))
}

function services({ v1, v2, grpcUpstream, tcpUpstream }: Ports): string {
  return objectsOf(
    staticHost({ host: 'web.internal', at: { v1, v2 } }),
    staticHost({ host: 'echo.internal', port: 9000, protocol: 'GRPC', at: { v1: grpcUpstream } }),
    staticHost({ host: 'lines.internal', port: 7, protocol: 'TCP', at: { v1: tcpUpstream } }),
  )
}

/** Another one with each turn: weights, a header, a timeout, a bound. Idle connections go soon, so that none is left behind the load. */
export function routes(turn: number): string {
  const share = (turn * 30) % 101
  return `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: web }
spec:
  hosts: ['*']
  gateways: [web]
  http:
    - match: [{ uri: { prefix: /echo.Echo/ } }]
      route: [{ destination: { host: echo.internal } }]
    - match: [{ headers: { x-turn: { exact: 'turn-${turn}' } } }]
      route: [{ destination: { host: web.internal, subset: v2 } }]
    - timeout: ${10 + (turn % 5)}s
      headers: { response: { set: { x-turn: '${turn}' } } }
      route:
        - { destination: { host: web.internal, subset: v1 }, weight: ${100 - share} }
        - { destination: { host: web.internal, subset: v2 }, weight: ${share} }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: web }
spec:
  host: web.internal
  trafficPolicy: { connectionPool: { http: { idleTimeout: 3s, http1MaxPendingRequests: ${1000 + (turn % 7)} } } }
  subsets:
    - { name: v1, labels: { version: v1 } }
    - { name: v2, labels: { version: v2 } }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: echo }
spec:
  host: echo.internal
  trafficPolicy: { connectionPool: { http: { idleTimeout: 3s } } }
`
}
