/** Every bound of balancing. */
export const BALANCE_LIMITS = {
  /** Turns of one round of a weighted round robin that several balancers take together; with a longer one each takes its own. */
  sharedTurns: 4_096,
} as const
