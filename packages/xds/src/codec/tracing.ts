import type { Tracing } from '@mesh/core/view'
import { ZipkinConfig_CollectorEndpointVersion, ZipkinConfigSchema } from '@mesh/rpc/gen/envoy/config/trace/v3/zipkin_pb'
import type { Tracing_HttpSchema } from '@mesh/rpc/gen/envoy/config/trace/v3/http_tracer_pb'
import type {
  HttpConnectionManager_Tracing,
  HttpConnectionManager_TracingSchema,
} from '@mesh/rpc/gen/envoy/extensions/filters/network/http_connection_manager/v3/http_connection_manager_pb'
import { pack, unpack } from './any.ts'
import type { Init } from './init.ts'
import { refuse } from './refusal.ts'

const ZIPKIN = 'envoy.tracers.zipkin'
const PARTS_PER_PERCENT = 10_000

export function encodeTracing({ samplePartsPerMillion, zipkin }: Tracing): Init<typeof HttpConnectionManager_TracingSchema> {
  return {
    clientSampling: { value: 100 },
    randomSampling: { value: samplePartsPerMillion / PARTS_PER_PERCENT },
    overallSampling: { value: 100 },
    ...(zipkin === undefined ? {} : { provider: encodeZipkin(zipkin) }),
  }
}

export function decodeTracing(tracing: HttpConnectionManager_Tracing): Tracing {
  const zipkin = decodeZipkin(tracing)
  return {
    samplePartsPerMillion: Math.round((tracing.randomSampling?.value ?? 100) * PARTS_PER_PERCENT),
    ...(zipkin === undefined ? {} : { zipkin }),
  }
}

function encodeZipkin(cluster: string): Init<typeof Tracing_HttpSchema> {
  const config = pack(ZipkinConfigSchema, {
    collectorCluster: cluster,
    collectorEndpoint: '/api/v2/spans',
    collectorEndpointVersion: ZipkinConfig_CollectorEndpointVersion.HTTP_JSON,
    traceId128bit: true,
    sharedSpanContext: false,
  })
  return { name: ZIPKIN, configType: { case: 'typedConfig', value: config } }
}

function decodeZipkin({ provider }: HttpConnectionManager_Tracing): string | undefined {
  if (provider === undefined) return undefined
  if (provider.name !== ZIPKIN) refuse(`tracer ${provider.name} is not supported`)
  const config = unpack(ZipkinConfigSchema, provider.configType.value)
  if (config.collectorEndpointVersion !== ZipkinConfig_CollectorEndpointVersion.HTTP_JSON) refuse('spans are sent as Zipkin v2 JSON alone')
  return config.collectorCluster
}
