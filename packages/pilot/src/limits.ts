/** Every bound of this package. */
export const LIMITS = {
  /** Of one configuration directory with what lies below it. */
  maxFiles: 10_000,
  maxFileBytes: 8 * 1024 * 1024,
  maxDirectoryDepth: 8,
  /** Views that are kept, one for each node. */
  maxViews: 10_000,
  maxRequestsOfDebug: 64,
} as const

/** When a save is taken up: once nothing has changed for the first, and never later than the second. */
export const COALESCE = { quietMs: 20, maxMs: 200 } as const

/** How often directories are read where the system cannot tell of changes. */
export const POLL_MS = 500

/** How long streams may end by themselves when pilot goes. */
export const CLOSE_GRACE_MS = 1000
/** How often directories are read although nothing was told: a system that lost an event does not say so. */
export const RECHECK_MS = 5_000
/** Log lines a second of each event that peers bring about. */
export const LINES_PER_S = 20
