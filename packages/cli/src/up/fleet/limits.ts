/** Every bound of restarting and scaling while the mesh runs. */

export const MAX_PAGE_BYTES = 64 * 1024 * 1024
export const POLL_MS = 25
/** Objects in one question to pilot. */
export const MAX_WANTS = 100

/** Until all proxies serve a change of the registry. */
export const SERVED_TIMEOUT_MS = 30_000
/** Until a replica's calls have ended. */
export const DRAIN_TIMEOUT_MS = 10_000
/** How long a sidecar must be without calls: one may be on its way to it. */
export const QUIET_MS = 100
/** Until a gateway that was replaced has ended its calls and is gone. */
export const REPLACED_TIMEOUT_MS = 90_000
/** Until a process that was started is ready; afterwards its restart counts as failed. */
export const READY_TIMEOUT_MS = 60_000
