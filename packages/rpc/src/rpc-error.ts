import { status } from '@grpc/grpc-js'
import { MAX_STATUS_MESSAGE_CHARS } from './limits.ts'

/** gRPC status codes by name, `OK` left out. */
export type RpcCode = Exclude<keyof typeof status, 'OK'>

/** A call that did not end with `OK`. A handler throws it to choose what its caller sees. */
export class RpcError extends Error {
  readonly code: RpcCode

  constructor(code: RpcCode, message: string, cause?: unknown) {
    // A status with half a character cannot be sent: grpc-js throws where nobody catches.
    super(message.slice(0, MAX_STATUS_MESSAGE_CHARS).toWellFormed(), cause === undefined ? undefined : { cause })
    this.name = 'RpcError'
    this.code = code
  }

  /** Whether the same call may succeed later. */
  get transient(): boolean {
    return this.code === 'UNAVAILABLE' || this.code === 'DEADLINE_EXCEEDED' || this.code === 'RESOURCE_EXHAUSTED' || this.code === 'ABORTED'
  }
}

/** What grpc-js reports, as ours; undefined for `OK`. */
export function rpcErrorOf(error: {
  readonly code?: unknown
  readonly details?: unknown
  readonly message?: string
}): RpcError | undefined {
  if (error.code === status.OK) return undefined
  const name = typeof error.code === 'number' ? status[error.code] : undefined
  const message = typeof error.details === 'string' && error.details !== '' ? error.details : (error.message ?? '')
  return new RpcError(name === undefined ? 'UNKNOWN' : (name as RpcCode), message, error)
}

/** What a handler threw, as the status that its caller sees: the message of anything but an `RpcError` stays here. */
export function statusOf(thrown: unknown): { code: status; details: string } {
  if (thrown instanceof RpcError) return { code: status[thrown.code], details: thrown.message }
  return { code: status.INTERNAL, details: 'internal error' }
}
