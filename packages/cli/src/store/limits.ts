/** Bounds of what `meshctl` does to the files of a mesh; those on files are pilot's. */
export const STORE_LIMITS = {
  maxFiles: 10_000,
  maxFileBytes: 8 * 1024 * 1024,
  maxFolderDepth: 8,
  /** Times that a change is made anew because somebody saved a file meanwhile. */
  maxTries: 5,
  /** How long another meshctl may take, and how often it is looked whether it is done. */
  lockWaitMs: 10_000,
  lockPollMs: 20,
  /** Age at which the short lock around breaking a stale one is no longer believed. */
  breakLockMs: 5_000,
} as const
