/** Every bound of this package, for one directory with what lies below it. */
export const LIMITS: Limits = {
  maxFiles: 10_000,
  maxFileBytes: 8 * 1024 * 1024,
  /** Of all files together. */
  maxBytes: 128 * 1024 * 1024,
  maxDirectoryDepth: 8,
  maxDirectories: 1_000,
  /** Names of all kinds. */
  maxEntries: 100_000,
}

/** The bounds by name; a test may hand in smaller ones. */
export type Limits = Readonly<
  Record<'maxFiles' | 'maxFileBytes' | 'maxBytes' | 'maxDirectoryDepth' | 'maxDirectories' | 'maxEntries', number>
>

/** When a save is taken up: once nothing has changed for the first, and never later than the second. */
export const COALESCE = { quietMs: 20, maxMs: 200 } as const
/** How often directories are read where the system cannot tell of changes. */
export const POLL_MS = 500
/** How often directories are read although nothing was told: a system that lost an event does not say so. */
export const RECHECK_MS = 5_000
/** A file that changed so short a time ago may change again without looking different: its clock ticks slowly. */
export const SETTLE_MS = 2_000
