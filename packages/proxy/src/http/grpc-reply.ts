import type { LocalReply } from '@mesh/core/call'
import type { RequestHead } from '@mesh/wire'

/** A reply that is made here, in the form in which the caller understands it: gRPC callers read its status and message from headers. */
export function replyFor(request: RequestHead, reply: LocalReply): LocalReply {
  return isGrpc(request) ? grpcReply(reply) : reply
}

/** Whether a request is a gRPC call (`content-type: application/grpc`, `application/grpc+proto`, ...). */
export function isGrpc(request: RequestHead): boolean {
  return /^application\/grpc(?:$|[+; ])/i.test(request.header('content-type') ?? '')
}

/** One of gRPC's seventeen codes, so that no upstream makes up labels. */
export function isGrpcStatus(text: string | undefined): text is string {
  return text !== undefined && /^(?:\d|1[0-6])$/.test(text)
}

/** A reply of headers alone (gRPC over HTTP/2, "Trailers-Only"). */
function grpcReply(reply: LocalReply): LocalReply {
  const message = encodeURIComponent(reply.body.toWellFormed()).replaceAll('%20', ' ')
  const headers = [
    ['content-type', 'application/grpc'],
    ['grpc-status', String(GRPC_STATUS[reply.status] ?? UNKNOWN)],
    ['grpc-message', message],
    ...(reply.headers ?? []),
  ] as const
  return { ...reply, status: 200, body: '', headers }
}

const UNKNOWN = 2

/** gRPC's own mapping of HTTP statuses (http-grpc-status-mapping.md). */
const GRPC_STATUS: Readonly<Record<number, number>> = { 400: 13, 401: 16, 403: 7, 404: 12, 429: 14, 502: 14, 503: 14, 504: 14 }
