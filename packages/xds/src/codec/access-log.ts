import type { AccessLog, AccessLogSchema } from '@mesh/rpc/gen/envoy/config/accesslog/v3/accesslog_pb'
import { FileAccessLogSchema } from '@mesh/rpc/gen/envoy/extensions/access_loggers/file/v3/file_pb'
import { pack, unpack } from './any.ts'
import type { Init } from './init.ts'
import { refuse } from './refusal.ts'

const FILE_LOG = 'envoy.access_loggers.file'
const STDOUT = '/dev/stdout'

/** Istio's default line (MeshConfig `accessLogFormat`), which this mesh's proxy writes too. */
const FORMAT =
  '[%START_TIME%] "%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%" %RESPONSE_CODE% %RESPONSE_FLAGS% ' +
  '%RESPONSE_CODE_DETAILS% %CONNECTION_TERMINATION_DETAILS% "%UPSTREAM_TRANSPORT_FAILURE_REASON%" %BYTES_RECEIVED% %BYTES_SENT% ' +
  '%DURATION% %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% "%REQ(X-FORWARDED-FOR)%" "%REQ(USER-AGENT)%" "%REQ(X-REQUEST-ID)%" ' +
  '"%REQ(:AUTHORITY)%" "%UPSTREAM_HOST%" %UPSTREAM_CLUSTER_RAW% %UPSTREAM_LOCAL_ADDRESS% %DOWNSTREAM_LOCAL_ADDRESS% ' +
  '%DOWNSTREAM_REMOTE_ADDRESS% %REQUESTED_SERVER_NAME% %ROUTE_NAME%\n'

export function encodeAccessLog(wanted: boolean): Init<typeof AccessLogSchema>[] {
  if (!wanted) return []
  const file = pack(FileAccessLogSchema, {
    path: STDOUT,
    accessLogFormat: {
      case: 'logFormat',
      value: { format: { case: 'textFormatSource', value: { specifier: { case: 'inlineString', value: FORMAT } } } },
    },
  })
  return [{ name: FILE_LOG, configType: { case: 'typedConfig', value: file } }]
}

/** One log to the standard output, in the default format, is what there is. */
export function decodeAccessLog(logs: readonly AccessLog[]): boolean {
  const [log, more] = logs
  if (log === undefined) return false
  if (more !== undefined) refuse('several access logs are not supported')
  if (log.name !== FILE_LOG) refuse(`access log ${log.name} is not supported`)
  const file = unpack(FileAccessLogSchema, log.configType.value)
  if (file.path !== STDOUT) refuse(`access log to ${file.path} is not supported, only ${STDOUT}`)
  const format = file.accessLogFormat.value?.format.value?.specifier
  if (format?.case !== undefined && format.value !== FORMAT) refuse('an access log format other than the default is not supported')
  return true
}
