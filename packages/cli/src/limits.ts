/** Bounds of what `meshctl` takes in. */
export const CLI_LIMITS = {
  /** Of an answer of pilot or a proxy. */
  maxAnswerBytes: 256 * 1024 * 1024,
  answerTimeoutMs: 10_000,
  maxStdinBytes: 64 * 1024 * 1024,
  maxFiles: 10_000,
  /** Folders between the current one and the root. */
  maxParents: 64,
  /** Of `load`: requests in all, connections at once, requests a second. */
  maxLoadRequests: 10_000_000,
  maxLoadConnections: 1_000,
  maxLoadRate: 100_000,
  loadTimeoutMs: 60_000,
} as const
