import type { ServerLimits } from './limits.ts'
import { RpcError } from './rpc-error.ts'

/** Counts the calls under way, in all and of each identity. */
export interface CallCount {
  /** Answers how to leave again; throws `RESOURCE_EXHAUSTED` where there are too many. */
  enter(principal: string | undefined): () => void
}

export interface CallCountOptions {
  readonly limits: Pick<ServerLimits, 'maxCalls' | 'maxCallsPerIdentity'>
  readonly onRefused: (reason: 'calls' | 'identity-calls') => void
}

export function createCallCount({ limits, onRefused }: CallCountOptions): CallCount {
  const { maxCalls, maxCallsPerIdentity } = limits
  const byIdentity = new Map<string, number>()
  let all = 0
  const add = (principal: string, change: number): void => {
    const count = (byIdentity.get(principal) ?? 0) + change
    if (count === 0) byIdentity.delete(principal)
    else byIdentity.set(principal, count)
  }
  const refuse = (reason: 'calls' | 'identity-calls', message: string): never => {
    onRefused(reason)
    throw new RpcError('RESOURCE_EXHAUSTED', message)
  }
  return {
    enter: (principal) => {
      if (all >= maxCalls) refuse('calls', `more than ${maxCalls} calls at once`)
      if (principal !== undefined && (byIdentity.get(principal) ?? 0) >= maxCallsPerIdentity)
        refuse('identity-calls', `more than ${maxCallsPerIdentity} calls of ${principal} at once`)
      all += 1
      if (principal !== undefined) add(principal, 1)
      let left = false
      return () => {
        if (left) return
        left = true
        all -= 1
        if (principal !== undefined) add(principal, -1)
      }
    },
  }
}
