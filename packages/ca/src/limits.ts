const HOUR_MS = 3_600_000

/** Istio's life of a workload certificate, and the longest that may be asked for. */
export const WORKLOAD_TTL_S = 24 * 3600
export const MAX_WORKLOAD_TTL_S = 90 * 24 * 3600
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
