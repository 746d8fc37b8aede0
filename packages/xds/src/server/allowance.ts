/** Whether something of this cost is allowed now. */
export type Allowance = (cost: number) => boolean

/** Allows so much at once, then so much a second. */
export function createAllowance(options: {
  readonly burst: number
  readonly perSecond: number
  /** Monotonic milliseconds. */
  readonly now: () => number
}): Allowance {
  const { burst, perSecond, now } = options
  let left = burst
  let atMs = now()
  return (cost) => {
    const nowMs = now()
    left = Math.min(burst, left + ((nowMs - atMs) / 1000) * perSecond)
    atMs = nowMs
    if (left < cost) return false
    left -= cost
    return true
  }
}
