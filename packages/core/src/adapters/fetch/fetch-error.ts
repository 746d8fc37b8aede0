import { MeshError } from '../../error/mesh-error.ts'

/** Codes that say that no byte of the request was sent. */
const NOT_CONNECTED: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'EADDRNOTAVAIL',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
])
const NOT_RESOLVED: ReadonlySet<string> = new Set(['ENOTFOUND', 'EAI_AGAIN'])

/** What a rejection of the host's fetch means for the call. */
export function fetchError(error: unknown): MeshError {
  const code = codeOf(error)
  if (NOT_RESOLVED.has(code)) return failure('dns_resolution_failure', 'DF', true, error)
  if (NOT_CONNECTED.has(code)) return failure('upstream_reset_before_response_started{remote_connection_failure}', 'UF', true, error)
  return failure('upstream_reset_before_response_started{connection_termination}', 'UC', false, error)
}

function failure(code: string, flag: 'DF' | 'UF' | 'UC', retry: boolean, cause: unknown): MeshError {
  return new MeshError({ code, fault: 'upstream', flag, retry, message: 'The endpoint could not be reached.', cause })
}

function codeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined
  if (cause instanceof AggregateError) return codeIn(cause.errors[0]) || codeIn(cause)
  return codeIn(cause)
}

function codeIn(value: unknown): string {
  return typeof value === 'object' && value !== null && 'code' in value && typeof value.code === 'string' ? value.code : ''
}
