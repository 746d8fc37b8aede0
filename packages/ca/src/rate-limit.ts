/** Whether this caller may go on now. */
export type RateLimit = (caller: string, nowMs: number) => boolean

/** A token bucket per caller; the callers that were quiet longest are forgotten first. */
export function rateLimit(options: { readonly burst: number; readonly refillMs: number; readonly maxCallers: number }): RateLimit {
  const buckets = new Map<string, { tokens: number; atMs: number }>()
  return (caller, nowMs) => {
    const bucket = buckets.get(caller) ?? { tokens: options.burst, atMs: nowMs }
    buckets.delete(caller)
    buckets.set(caller, bucket)
    const [oldest] = buckets.keys()
    if (buckets.size > options.maxCallers && oldest !== undefined) buckets.delete(oldest)
    bucket.tokens = Math.min(options.burst, bucket.tokens + Math.max(0, nowMs - bucket.atMs) / options.refillMs)
    bucket.atMs = nowMs
    if (bucket.tokens < 1) return false
    bucket.tokens -= 1
    return true
  }
}
