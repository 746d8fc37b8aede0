import { ApiConfigSource_ApiType, ApiVersion, type ConfigSource } from '@mesh/rpc/gen/envoy/config/core/v3/config_source_pb'
import type { ConfigSourceSchema } from '@mesh/rpc/gen/envoy/config/core/v3/config_source_pb'
import type { SdsSecretConfig, SdsSecretConfigSchema } from '@mesh/rpc/gen/envoy/extensions/transport_sockets/tls/v3/secret_pb'
import { encodeMs } from './duration.ts'
import type { Init } from './init.ts'
import { refuse } from './refusal.ts'

/** Istio's secret names: the workload's own SVID, and the trust bundle. */
export const WORKLOAD_SECRET = 'default'
export const BUNDLE_SECRET = 'ROOTCA'
/** Istio's name for the roots that the machine trusts, which only the agent on it can find. */
export const SYSTEM_SECRET = 'file-root:system'
/** The cluster at which an Istio agent serves secrets; a proxy of this mesh holds its own. */
const SDS_CLUSTER = 'sds-grpc'

/** A secret by name from the workload's own agent. */
export function encodeSecretRef(name: string): Init<typeof SdsSecretConfigSchema> {
  return { name, sdsConfig: agent() }
}

/** Refuses a reference to another secret than the one that can stand there. */
export function checkSecretRef(secret: SdsSecretConfig, name: string): void {
  if (secret.name !== name) refuse(`secret ${secret.name} is not supported here, only ${name}`)
}

/** "From where this resource came": the aggregated stream. */
export function encodeAds(): Init<typeof ConfigSourceSchema> {
  return { configSourceSpecifier: { case: 'ads', value: {} }, initialFetchTimeout: encodeMs(0), resourceApiVersion: ApiVersion.V3 }
}

export function checkAds(source: ConfigSource | undefined): void {
  const kind = source?.configSourceSpecifier.case
  if (kind !== 'ads' && kind !== 'self') refuse(`config source ${kind ?? 'none'} is not supported, only ads`)
}

function agent(): Init<typeof ConfigSourceSchema> {
  return {
    configSourceSpecifier: {
      case: 'apiConfigSource',
      value: {
        apiType: ApiConfigSource_ApiType.GRPC,
        transportApiVersion: ApiVersion.V3,
        setNodeOnFirstMessageOnly: true,
        grpcServices: [{ targetSpecifier: { case: 'envoyGrpc', value: { clusterName: SDS_CLUSTER } } }],
      },
    },
    initialFetchTimeout: encodeMs(0),
    resourceApiVersion: ApiVersion.V3,
  }
}
