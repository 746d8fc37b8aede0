/** Calls of each proxy that are asked for: as many as it remembers. */
export const MAX_PAST = 1000

/** How often proxies are asked. */
export const POLL_MS = 200
