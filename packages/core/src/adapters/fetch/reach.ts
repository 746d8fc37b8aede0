import type { Call } from '../../call/call.ts'
import { MeshError } from '../../error/mesh-error.ts'
import type { UpstreamTls } from '../../view/cluster.ts'

/** Whether the mesh leaves the call to the host: an address of the caller's own choice, or bytes that are not ours to read. */
export function isOutside({ cluster, request }: Call): boolean {
  const kind = cluster?.cluster.discovery.kind
  return kind === 'original-dst' || request.scheme === 'https' || cluster?.cluster.protocol === 'tcp'
}

/** Why a try cannot be sent as the mesh demands; it is then not sent at all. */
export function cannotProtect(tls: UpstreamTls | undefined): MeshError | undefined {
  if (tls === undefined || tls.mode === 'auto') return undefined
  if (tls.mode === 'simple' && tls.caFile === undefined && tls.sni !== '') return undefined
  return new MeshError({
    code: 'upstream_reset_before_response_started{remote_connection_failure}',
    fault: 'local',
    flag: 'UF',
    retry: true,
    message:
      tls.mode === 'mutual'
        ? 'The destination asks for mTLS, and this process has no identity.'
        : 'This host cannot verify the destination.',
  })
}

/** The picked endpoint got lost. */
export function nowhere(): MeshError {
  return new MeshError({ code: 'no_healthy_upstream', fault: 'config', flag: 'UH', retry: false, message: 'There is no endpoint.' })
}
