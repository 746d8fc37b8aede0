import type { MeshError } from '../../error/mesh-error.ts'
import type { RetryPolicy } from '../../view/route.ts'
import type { Call, MutableReplyHead } from '../call.ts'

/** Whether a reply may be thrown away for another try. It was processed, so only a method that allows repeating qualifies. */
export function isRetriableReply(policy: RetryPolicy, call: Call, reply: MutableReplyHead): boolean {
  const { statuses, grpcStatuses, rateLimited } = repliesOf(policy)
  const matches =
    statuses.has(reply.status) ||
    (grpcStatuses.size > 0 && grpcStatuses.has(reply.header('grpc-status'))) ||
    (rateLimited && reply.header('x-envoy-ratelimited') !== undefined)
  return matches && call.bodyReplayable && REPEATABLE.has(call.request.method)
}

/** The replies that a policy tries again. */
interface RetriableReplies {
  readonly statuses: ReadonlySet<number>
  readonly grpcStatuses: ReadonlySet<string | undefined>
  readonly rateLimited: boolean
}

const REPLIES = new WeakMap<RetryPolicy, RetriableReplies>()

/** Decided on first use, kept as long as the view that says it. */
function repliesOf(policy: RetryPolicy): RetriableReplies {
  let replies = REPLIES.get(policy)
  if (replies === undefined) REPLIES.set(policy, (replies = compileReplies(policy)))
  return replies
}

function compileReplies({ on, statuses }: RetryPolicy): RetriableReplies {
  const words = on.flatMap((word) => STATUSES[word] ?? (word === 'retriable-status-codes' ? statuses : []))
  return {
    statuses: new Set(words),
    grpcStatuses: new Set(on.map((word) => GRPC_STATUS[word]).filter((status) => status !== undefined)),
    rateLimited: on.includes('envoy-ratelimited'),
  }
}

const STATUSES: Readonly<Record<string, readonly number[]>> = {
  '5xx': Array.from({ length: 100 }, (_, index) => 500 + index),
  'gateway-error': [502, 503, 504],
  'retriable-4xx': [409],
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
