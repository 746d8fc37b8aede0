/** Every bound of this package. */
export const LIMITS = {
  /** Views that are kept, one for each node. */
  maxViews: 10_000,
  maxRequestsOfDebug: 64,
  /** Streams with what went over them that pilot remembers, and as many pages; bytes are an estimate, for each of the two. */
  records: 1_000,
  recordBytes: 1024 * 1024,
  recordsPerPage: 1_000,
  recordTextLength: 1_024,
  /** Objects that are gone, and since when. */
  maxGoneObjects: 10_000,
  /** Snapshots whose time is known. */
  maxSnapshotTimes: 4096,
  /** Snapshots of which is known what they changed for whom. */
  maxTrackedSnapshots: 256,
  /** Objects of which is known where they stood before their last change, for each proxy. */
  maxTracesPerProxy: 4096,
  /** Times of acceptance that are kept, for each proxy and type. */
  maxStepsPerType: 64,
  /** Proxies that are not connected any more, and since when. */
  maxLostProxies: 10_000,
  /** Objects that one question about propagation names. */
  maxWants: 100,
  /** Objects in one answer about them; fewer where there are so many proxies that judging all takes too long. */
  maxObjectsOfPage: 500,
  maxJudgementsOfPage: 500_000,
  /** Proxies that are named in an answer, those that do not serve first. */
  maxProxiesOfPage: 1000,
  /** Proxies that the status of one object names. */
  maxProxiesOfStatus: 20,
} as const

/** How long streams may end by themselves when pilot goes. */
export const CLOSE_GRACE_MS = 1000
/** Log lines a second of each event that peers bring about. */
export const LINES_PER_S = 20
