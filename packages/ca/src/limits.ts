const HOUR_MS = 3_600_000

/** Istio's life of a workload certificate, and the longest that may be asked for (`DEFAULT_WORKLOAD_CERT_TTL`, `MAX_WORKLOAD_CERT_TTL`). */
export const WORKLOAD_TTL_S = 24 * 3600
export const MAX_WORKLOAD_TTL_S = 90 * 24 * 3600
/** No life in a setting may be longer than that of the root. */
export const MAX_SETTING_S = 10 * 365 * 24 * 3600
export const ROOT_TTL_MS = 10 * 365 * 24 * HOUR_MS
/** Longest life of a token: an older promise is worth less. */
export const MAX_TOKEN_LIFE_S = 3600
export const MAX_TOKEN_BYTES = 16 * 1024
export const MAX_JWKS_BYTES = 256 * 1024
/** How far the issuer's clock may be off. */
export const CLOCK_SKEW_S = 60
/** Certificates per account, which all replicas of a workload share: so many at once, then one for each interval. */
export const BURST_PER_CALLER = 100
export const REFILL_MS = 100
/** Callers whose rate is remembered. */
export const MAX_CALLERS = 10_000
/** How long calls may go on when the authority stops. */
export const DRAIN_MS = 2000
/** A call takes milliseconds and a caller comes once in a while, so that nobody needs a connection for long. */
export const SERVER_BOUNDS = {
  maxConnections: 2_000,
  maxCalls: 1_000,
  firstCallMs: 10_000,
  maxReceiveBytes: 64 * 1024,
  maxStreamsPerConnection: 16,
  maxConnectionIdleMs: 10_000,
  maxConnectionAgeMs: 60_000,
} as const
/** Connections to the monitoring pages. */
export const MAX_MONITORING_CONNECTIONS = 64
/** Log lines a second of each outcome that is no certificate. */
export const LINES_PER_S = 20
/** The keys of the token issuer are read again within this time after they were written: a file may change twice within one tick of its clock. */
export const JWKS_SETTLE_MS = 2000
