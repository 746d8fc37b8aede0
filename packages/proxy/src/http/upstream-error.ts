import { MeshError } from '@mesh/core/error'
import type { ConnError } from '@mesh/io'

/** No connection could be had; no byte of the request was sent. */
export function connectError(error: ConnError | undefined): MeshError {
  const timeout = error?.code === 'timeout'
  return new MeshError({
    code: timeout
      ? 'upstream_reset_before_response_started{connection_timeout}'
      : 'upstream_reset_before_response_started{remote_connection_failure}',
    fault: 'upstream',
    flag: 'UF',
    retry: true,
    message: error?.message ?? 'The upstream connection could not be made.',
  })
}

/** The upstream closed or reset the connection before its reply head. */
export function lostError(error: ConnError | undefined): MeshError {
  return new MeshError({
    code: 'upstream_reset_before_response_started{connection_termination}',
    fault: 'upstream',
    flag: 'UC',
    retry: false,
    message: error?.message ?? 'The upstream closed the connection before it answered.',
  })
}

/** The upstream reset the stream of the call. */
export function resetError(): MeshError {
  return new MeshError({
    code: 'upstream_reset_before_response_started{remote_reset}',
    fault: 'upstream',
    flag: 'UR',
    retry: false,
    message: 'The upstream reset the stream before it answered.',
  })
}

/** The upstream says that it did nothing with the request (REFUSED_STREAM, or a GOAWAY before it; RFC 9113 section 8.7). */
export function refusedError(): MeshError {
  return new MeshError({
    code: 'upstream_reset_before_response_started{remote_refused_stream_reset}',
    fault: 'upstream',
    flag: 'UR',
    retry: true,
    message: 'The upstream refused the request before it did anything with it.',
  })
}

/** What the upstream said is no HTTP. */
export function protocolError(code: string): MeshError {
  return new MeshError({
    code: 'upstream_reset_before_response_started{protocol_error}',
    fault: 'upstream',
    flag: 'UPE',
    retry: false,
    message: `The upstream's reply is malformed (${code}).`,
  })
}

/** The cluster has as many calls, connections or waiting calls as it may. */
export function overflowError(): MeshError {
  return new MeshError({
    code: 'upstream_reset_before_response_started{overflow}',
    fault: 'local',
    flag: 'UO',
    retry: true,
    message: 'The destination has as many requests as its limits allow.',
  })
}

/** The endpoint's name has no address. */
export function nameError(name: string): MeshError {
  return new MeshError({
    code: 'dns_resolution_failure',
    fault: 'upstream',
    flag: 'DF',
    retry: true,
    message: `${name} cannot be resolved.`,
  })
}

/** The endpoint must be spoken to with TLS, which is not possible now. */
export function securityError(why: string): MeshError {
  return new MeshError({
    code: 'upstream_reset_before_response_started{remote_connection_failure}',
    fault: 'local',
    flag: 'UF',
    retry: true,
    message: `The connection cannot be protected: ${why}.`,
  })
}

/** A host outside the mesh was asked for by `https`, which only a tunnel could keep: it is never sent there in plain text instead. */
export function plainTextError(place: string): MeshError {
  return new MeshError({
    code: 'https_without_connect',
    fault: 'caller',
    retry: false,
    message: `${place} was asked for by https: use CONNECT.`,
  })
}

/** The request would come back to this proxy for ever. */
export function loopError(place: string): MeshError {
  return new MeshError({
    code: 'loop_refused',
    fault: 'caller',
    flag: 'UF',
    retry: false,
    message: `${place} is this proxy itself.`,
  })
}
