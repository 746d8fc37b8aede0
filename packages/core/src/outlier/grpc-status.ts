/** The status of HTTP that a `grpc-status` counts as (Envoy `grpcToHttpStatus`). */
export function grpcToHttpStatus(status: string): number {
  return HTTP_STATUS[Number(status)] ?? 500
}

/** By number: OK, CANCELLED, UNKNOWN, INVALID_ARGUMENT, DEADLINE_EXCEEDED, NOT_FOUND, ALREADY_EXISTS, PERMISSION_DENIED ... UNAUTHENTICATED. */
const HTTP_STATUS = [200, 499, 500, 400, 504, 404, 409, 403, 429, 400, 409, 400, 501, 500, 503, 500, 401] as const
