/** How often proxies are asked. */
export const POLL_MS = 200
