/** Every bound of this package. */
export const LIMITS = {
  /** Series per family of a registry; what is over shares one series. */
  familySeries: 2_000,
  /** Series of calls per proxy: each is told in 64 lines. */
  callSeries: 1_000,
  /** A series of calls without traffic for this long may make place for another. */
  seriesIdleMs: 3_600_000,
  /** Remembered ways from a peer to its series. */
  pathsPerPeer: 32,
  labelValueLength: 512,
  /** Characters of one field of an access-log line. */
  logFieldLength: 8_192,
  /** Texts of configuration (clusters, routes) whose escaped form is kept. */
  logKnownTexts: 2_000,
  /** Bytes of access log that wait for a slow reader; what is over is dropped and counted. */
  logPendingBytes: 4 * 1024 * 1024,
  logBatchBytes: 64 * 1024,
  logFlushMs: 250,
  logRetryMs: 20,
  /** Calls and connections that a proxy remembers, and an estimate of the memory that they may take. */
  records: 1_000,
  recordBytes: 2 * 1024 * 1024,
  recordsPerPage: 250,
  spanQueue: 10_000,
  spanBatch: 500,
  spanFlushMs: 1_000,
  spanTimeoutMs: 5_000,
  /** Characters of a path in a span (Istio `maxPathTagLength`). */
  spanPathLength: 256,
  spanTagLength: 1_024,
  collectorBodyBytes: 8 * 1024 * 1024,
  collectorSpans: 100_000,
  collectorTraces: 20_000,
  spansPerTrace: 2_000,
  spansPerPost: 10_000,
  tracesPerAnswer: 1_000,
  scrapeBytes: 32 * 1024 * 1024,
  scrapeTimeoutMs: 3_000,
  scrapeTargets: 2_000,
  scrapeParallel: 16,
  scrapeFileBytes: 1024 * 1024,
  httpHeadMs: 10_000,
  httpRequestMs: 30_000,
  httpConnections: 512,
} as const
