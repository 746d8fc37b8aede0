import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AuthzFilter, Cluster, FilterChain, HttpFilterChain, View, Workload } from '@mesh/core/view'
import type { Signer } from '@mesh/x509'
import { ask, keepAliveAgent, type Answer } from './client.ts'
import { open, plane, upstream } from './open.ts'
import type { TestPlane } from './plane.ts'
import type { Upstream } from './upstream.ts'
import { source, svid } from './pki.ts'
import { cluster, endpoint, httpFilter, listener, outboundView, route, table, view } from './views.ts'

/** The SPIFFE ids of both. */
export const ID = {
  productpage: 'spiffe://cluster.local/ns/default/sa/productpage',
  reviews: 'spiffe://cluster.local/ns/default/sa/reviews',
}
const WORKLOAD = { workload: 'reviews-v1', namespace: 'default', app: 'reviews', version: 'v1', cluster: 'Kubernetes' }
const CALLER: Workload = {
  uid: 'Kubernetes/default/productpage-v1-0',
  workload: 'productpage-v1',
  namespace: 'default',
  serviceAccount: 'productpage',
  addresses: ['127.0.0.1'],
  app: 'productpage',
  version: 'v1',
  cluster: 'Kubernetes',
}
interface Side {
  readonly mode: 'STRICT' | 'PERMISSIVE'
  readonly authz?: readonly AuthzFilter[]
}

/** What the sidecar of the called application serves. */
export function inboundView(appPort: number, { mode, authz = [] }: Side): View {
  const filter: HttpFilterChain = httpFilter({
    routes: { kind: 'inline', table: table('inbound|9080||', { '*': [route('inbound|9080||')] }) },
    forwardProxy: false,
    authz,
  })
  const mesh: FilterChain = {
    name: 'mesh',
    match: { transport: 'tls', alpn: ['istio'] },
    tls: { mode: 'mesh', alpn: ['istio', 'http/1.1'], requireClientCert: true, trustDomains: ['cluster.local'] },
    filter,
  }
  const plain: FilterChain = { name: 'plain', match: { transport: 'raw' }, filter }
  return view({
    listeners: [
      listener(0, filter, { name: 'inbound', direction: 'inbound', inspectTls: true, chains: mode === 'STRICT' ? [mesh] : [mesh, plain] }),
    ],
    clusters: [cluster('inbound|9080||', [endpoint(appPort)])],
    workloads: [CALLER],
  })
}

/** The called application, as the caller's sidecar knows it. */
export const meshCluster = (port: number, sans = [ID.reviews], more: Partial<Cluster> = {}): Cluster =>
  cluster('reviews', [endpoint(port, { tls: 'istio', workload: WORKLOAD })], {
    tls: {
      mode: 'auto',
      sni: 'outbound_.9080_._.reviews.default.svc.cluster.local',
      alpn: ['istio-http/1.1', 'istio', 'http/1.1'],
      sans: sans.map((value) => ({ kind: 'exact', value })),
    },
    ...more,
  })

/** Two sidecars, and an application behind the second one that says which path it was asked for. */
export interface MeshPair {
  readonly client: TestPlane
  readonly server: TestPlane
  readonly app: Upstream
  ask(path?: string): Promise<Answer>
}

export interface PairOptions {
  readonly side?: Side
  readonly sans?: readonly string[]
  readonly clientRoot?: Signer
  readonly clientId?: string
  readonly cluster?: Partial<Cluster>
  /** Instead of the application that says which path it was asked for. */
  readonly answer?: (request: IncomingMessage, response: ServerResponse) => void
}

export async function meshPair(ca: Signer, options: PairOptions = {}): Promise<MeshPair> {
  const app = await upstream(options.answer ?? ((request, response) => response.end(`app ${request.url}`)))
  const server = await plane(inboundView(app.port, options.side ?? { mode: 'STRICT' }), {
    source: source(await svid(ca, ID.reviews)),
    self: { identity: true, workload: 'reviews-v1' },
  })
  const reviews = meshCluster(server.port('inbound'), [...(options.sans ?? [ID.reviews])], options.cluster)
  const client = await plane(outboundView([route('reviews')], [reviews]), {
    source: source(await svid(options.clientRoot ?? ca, options.clientId ?? ID.productpage, [ca])),
    self: { identity: true },
  })
  const agent = keepAliveAgent(1)
  open.push({ close: () => agent.destroy() })
  return { client, server, app, ask: (path = '/') => ask(client.port(), path, { agent }) }
}
