import { spawn, type ChildProcess } from 'node:child_process'
import { openSync, closeSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SvidSource } from '@mesh/core/identity'
import { nodeId } from '@mesh/core/view'
import { serve } from '@mesh/rpc'
import { keepSvid, svidFromCa } from '@mesh/x509'
import { createSdsService } from '@mesh/xds'
import type { Mesh, RunningWorkload } from './mesh.ts'

/** A real Envoy in the place of a sidecar: its agent, its process. */
export interface RealEnvoy {
  readonly admin: string
  readonly process: ChildProcess
  stop(): Promise<void>
}

/** Starts Envoy as the sidecar of a workload whose place is kept for it (`sidecar: external`). */
export async function startEnvoy(envoy: string, mesh: Mesh, workload: RunningWorkload): Promise<RealEnvoy> {
  const identity = identityOf(mesh, workload)
  const sds = await serve({ address: '127.0.0.1', port: 0, services: [createSdsService(identity)], onError: () => {} })
  const admin = { address: workload.address, port: 15000 }
  const file = join(mesh.dir, 'envoy.json')
  writeFileSync(file, JSON.stringify(bootstrap({ mesh, workload, sdsPort: sds.port, admin })))
  const log = openSync(join(mesh.dir, 'envoy.log'), 'a')
  const child = spawn(envoy, ['--config-path', file, '--disable-hot-restart', '--concurrency', '1', '--log-level', 'warning'], {
    cwd: mesh.dir,
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  return {
    admin: `http://${admin.address}:${admin.port}`,
    process: child,
    stop: async () => {
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      if (child.exitCode === null) await gone
      identity.close()
      await sds.close(100)
    },
  }
}

function identityOf(mesh: Mesh, { name, namespace, serviceAccount }: RunningWorkload): SvidSource {
  const id = (space: string, account: string): string => `spiffe://cluster.local/ns/${space}/sa/${account}`
  const obtain = svidFromCa({
    caAddress: mesh.run().ca?.address ?? '',
    caSpiffeId: id('istio-system', 'istio-ca'),
    tokenFile: join(mesh.dir, `.mesh/tokens/${name}.jwt`),
    rootFile: join(mesh.dir, '.mesh/root.pem'),
    spiffeId: id(namespace, serviceAccount),
  })
  return keepSvid({ obtain, onProblem: () => {} })
}

interface Parts {
  readonly mesh: Mesh
  readonly workload: RunningWorkload
  readonly sdsPort: number
  readonly admin: { readonly address: string; readonly port: number }
}

/** The bootstrap that an Istio agent would write: secrets from the agent, everything else by ADS. */
function bootstrap({ mesh, workload, sdsPort, admin }: Parts): unknown {
  const [pilotAddress = '', pilotPort = ''] = mesh.run().pilot.xds.split(':')
  const { name, namespace, serviceAccount, address } = workload
  const self = {
    kind: 'sidecar',
    name,
    namespace,
    serviceAccount,
    workload: workload.workload,
    labels: {},
    address,
    cluster: 'Kubernetes',
    trustDomain: 'cluster.local',
    identity: true,
    capture: 'none',
  } as const
  return {
    node: {
      id: nodeId(self),
      cluster: `${workload.workload}.${namespace}`,
      metadata: {
        NAMESPACE: namespace,
        SERVICE_ACCOUNT: serviceAccount,
        WORKLOAD_NAME: workload.workload,
        INTERCEPTION_MODE: 'NONE',
        CLUSTER_ID: 'Kubernetes',
      },
    },
    admin: { address: socket(admin.address, admin.port) },
    dynamic_resources: {
      ads_config: {
        api_type: 'GRPC',
        transport_api_version: 'V3',
        set_node_on_first_message_only: true,
        grpc_services: [{ envoy_grpc: { cluster_name: 'xds-grpc' } }],
      },
      cds_config: { ads: {}, initial_fetch_timeout: '0s', resource_api_version: 'V3' },
      lds_config: { ads: {}, initial_fetch_timeout: '0s', resource_api_version: 'V3' },
    },
    static_resources: {
      clusters: [
        grpcCluster('sds-grpc', '127.0.0.1', sdsPort),
        { ...grpcCluster('xds-grpc', pilotAddress, Number(pilotPort)), transport_socket: pilotTls() },
      ],
    },
  }
}

function pilotTls(): unknown {
  const secret = (name: string): unknown => ({
    name,
    sds_config: {
      api_config_source: { api_type: 'GRPC', transport_api_version: 'V3', grpc_services: [{ envoy_grpc: { cluster_name: 'sds-grpc' } }] },
      resource_api_version: 'V3',
    },
  })
  return {
    name: 'envoy.transport_sockets.tls',
    typed_config: {
      '@type': 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext',
      sni: 'pilot.istio-system.svc',
      common_tls_context: {
        alpn_protocols: ['h2'],
        tls_certificate_sds_secret_configs: [secret('default')],
        combined_validation_context: {
          default_validation_context: {
            match_typed_subject_alt_names: [
              { san_type: 'URI', matcher: { exact: 'spiffe://cluster.local/ns/istio-system/sa/istio-pilot' } },
            ],
          },
          validation_context_sds_secret_config: secret('ROOTCA'),
        },
      },
    },
  }
}

function grpcCluster(name: string, address: string, port: number) {
  return {
    name,
    connect_timeout: '5s',
    type: 'STATIC',
    typed_extension_protocol_options: {
      'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
        '@type': 'type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions',
        explicit_http_config: { http2_protocol_options: {} },
      },
    },
    load_assignment: { cluster_name: name, endpoints: [{ lb_endpoints: [{ endpoint: { address: socket(address, port) } }] }] },
  }
}

function socket(address: string, port: number): unknown {
  return { socket_address: { address, port_value: port } }
}
