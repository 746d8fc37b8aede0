import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { create, toBinary } from '@mesh/rpc/protobuf'
import { afterEach, expect, test } from 'vitest'
import type { NodeSelf, View } from '@mesh/core/view'
import { implement, serve } from '@mesh/rpc'
import { ListenerSchema } from '@mesh/rpc/gen/envoy/config/listener/v3/listener_pb'
import { RouterSchema } from '@mesh/rpc/gen/envoy/extensions/filters/http/router/v3/router_pb'
import { HttpConnectionManagerSchema } from '@mesh/rpc/gen/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb'
import { Health, HealthCheckResponse_ServingStatus } from '@mesh/rpc/gen/grpc/health/v1/health_pb'
import { pack } from './codec/any.ts'
import { versionOf, type Resource } from './resource.ts'
import { createAdsServer, type AdsServer } from './server/ads-server.ts'
import type { ClientStatus } from './server/client.ts'
import { Facts, rethrow } from './testdata/loopback.ts'
import { clusterName, routes, shopView } from './testdata/shop.ts'
import { encodeView, type Resources } from './view-codec.ts'

/*
 * An independent client, the one that gRPC itself ships: it speaks the state of the world, wants its listener as an API listener
 * under the name that it dials, and knows round robin, weighted clusters and EDS. It refuses what else a proxy's cluster may say.
 */

const { SERVING, NOT_SERVING } = HealthCheckResponse_ServingStatus

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

test('the xDS client of gRPC takes listeners, routes, clusters and endpoints from us, and follows their changes', async () => {
  const first = await backend(SERVING)
  const second = await backend(NOT_SERVING)
  const pilot = await startPilot(viewTo('g0', first))
  const ask = openXds(pilot)
  expect(await ask()).toBe(`${SERVING}`)
  const status = await pilot.facts.until(() => pilot.status()?.types.every(({ state }) => state === 'SYNCED') && pilot.status())
  expect(status).toMatchObject({ mode: 'sotw', node: { name: 'grpc-0' } })
  expect(status.types.map(({ type }) => type)).toEqual(['CDS', 'EDS', 'LDS', 'RDS'])
  pilot.show(viewTo('g1', second))
  await pilot.facts.until(() => pilot.status()?.types.every(({ ackedSnapshot }) => ackedSnapshot === 'g1'))
  expect(await ask()).toBe(`${NOT_SERVING}`)
  const [cluster] = pilot.view.clusters
  if (cluster === undefined) throw new Error('no cluster')
  pilot.show({ ...pilot.view, snapshot: 'g2', clusters: [{ ...cluster, balance: 'random' }] })
  const refused = await pilot.facts.until(() => pilot.status()?.types.find(({ state }) => state === 'ERROR'))
  expect(refused).toMatchObject({ type: 'CDS', ackedSnapshot: 'g1', error: expect.stringContaining('lb_policy') })
  expect(await ask()).toBe(`${NOT_SERVING}`)
})

/** A gRPC server that answers with one health status; answers its port. */
async function backend(status: typeof SERVING | typeof NOT_SERVING): Promise<number> {
  const service = implement(Health, { check: () => ({ status }) })
  const server = await serve({ address: '127.0.0.1', port: 0, services: [service], onError: rethrow })
  cleanups.push(() => server.close(0))
  return server.port
}

function viewTo(snapshot: string, port: number): View {
  const view = shopView(snapshot, ['reviews'])
  return {
    ...view,
    routes: [{ ...routes(['reviews']), name: 'grpc' }],
    endpoints: [{ cluster: clusterName('reviews'), endpoints: [{ address: '127.0.0.1', port, weight: 1, healthy: true }] }],
  }
}

async function startPilot(first: View) {
  const facts = new Facts()
  const pilot = {
    view: first,
    facts,
    status: (): ClientStatus | undefined => ads.status()[0],
    show: (view: View) => ((pilot.view = view), ads.push()),
  }
  const ads: AdsServer = createAdsServer({
    authorize: (_node: NodeSelf) => undefined,
    viewOf: () => pilot.view,
    encode: withApiListener,
    onStatus: () => queueMicrotask(() => facts.changed()),
    onError: rethrow,
  })
  const server = await serve({ address: '127.0.0.1', port: 0, services: [ads.service], onError: rethrow })
  cleanups.push(
    () => server.close(0),
    () => ads.close(),
  )
  const bootstrap = JSON.stringify({
    xds_servers: [{ server_uri: `127.0.0.1:${server.port}`, channel_creds: [{ type: 'insecure' }], server_features: ['xds_v3'] }],
    node: { id: 'sidecar~127.0.0.1~grpc-0.default~default.svc.cluster.local', locality: {} },
  })
  return {
    ...pilot,
    get view() {
      return pilot.view
    },
    bootstrap,
  }
}

/** gRPC asks for a listener by the name that it dials. */
function withApiListener(view: View): Resources {
  const manager = pack(HttpConnectionManagerSchema, {
    statPrefix: 'grpc',
    routeSpecifier: {
      case: 'rds',
      value: { routeConfigName: 'grpc', configSource: { configSourceSpecifier: { case: 'ads', value: {} } } },
    },
    httpFilters: [{ name: 'envoy.filters.http.router', configType: { case: 'typedConfig', value: pack(RouterSchema, {}) } }],
  })
  const bytes = toBinary(ListenerSchema, create(ListenerSchema, { name: 'reviews', apiListener: { apiListener: manager } }))
  const listener: Resource = { name: 'reviews', version: versionOf(bytes), bytes }
  return { ...encodeView(view), LDS: new Map([[listener.name, listener]]) }
}

/** The client in a process of its own; each call answers the status that came through. */
function openXds(pilot: { readonly bootstrap: string }): () => Promise<string> {
  const file = fileURLToPath(new URL('testdata/grpc-xds-client.ts', import.meta.url))
  const child = spawn(process.execPath, ['--conditions=@mesh/source', file], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, GRPC_XDS_BOOTSTRAP_CONFIG: pilot.bootstrap },
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  cleanups.push(() => child.kill())
  return async () => {
    child.stdin.write('reviews\n')
    const { value } = await lines.next()
    return String(value)
  }
}
