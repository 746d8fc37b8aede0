import type { MeshError } from '../../error/mesh-error.ts'
import type { RetryPolicy } from '../../view/route.ts'
import type { Call, MutableReplyHead } from '../call.ts'

/** Whether a reply may be thrown away for another try. It was processed, so only a method that allows repeating qualifies. */
export function isRetriableReply(policy: RetryPolicy, call: Call, reply: MutableReplyHead): boolean {
  if (!call.bodyReplayable || !REPEATABLE.has(call.request.method)) return false
  const { status } = reply
  for (const word of policy.on) {
    switch (word) {
      case '5xx':
        if (status >= 500) return true
        break
      case 'gateway-error':
        if (status === 502 || status === 503 || status === 504) return true
        break
      case 'retriable-4xx':
        if (status === 409) return true
        break
      case 'retriable-status-codes':
        if (policy.statuses.includes(status)) return true
        break
      case 'envoy-ratelimited':
        if (reply.header('x-envoy-ratelimited') !== undefined) return true
        break
      default:
        if (GRPC_STATUS[word] !== undefined && reply.header('grpc-status') === GRPC_STATUS[word]) return true
    }
  }
  return false
}

/** Whether a try that failed before its reply may be repeated: always where it was provably not processed, else by method. */
export function isRetriableError(policy: RetryPolicy, call: Call, error: MeshError): boolean {
  if (!call.bodyReplayable || error.flag === 'UO' || error.fault === 'caller') return false
  if (!error.retry && !REPEATABLE.has(call.request.method)) return false
  for (const word of policy.on) {
    switch (word) {
      case 'connect-failure':
        if (error.flag === 'UF' || error.flag === 'DF') return true
        break
      case 'reset-before-request':
        if (error.retry) return true
        break
      case 'refused-stream':
        if (error.retry && error.flag !== 'UF' && error.flag !== 'DF') return true
        break
      case 'reset':
      case '5xx':
      case 'gateway-error':
        return true
    }
  }
  return false
}

/** RFC 9110 §9.2.2. */
const REPEATABLE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE'])

const GRPC_STATUS: Readonly<Record<string, string>> = {
  cancelled: '1',
  'deadline-exceeded': '4',
  'resource-exhausted': '8',
  internal: '13',
  unavailable: '14',
}
