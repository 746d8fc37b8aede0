import type { Probe } from './probe/probe.ts'

/** Every bound of the supervisor. */

/** Second octets tried for a mesh's own block 127.B.0.0/16. */
export const FIRST_BLOCK = 64
export const LAST_BLOCK = 126
/** Held by the supervisor on 127.B.0.1 for its life: who answers there owns the block. */
export const CLAIM_PORT = 15999
/** Private ports of applications: each block has so many of its own, from this one on, below those that Linux gives to connections (32768 and up). */
export const FIRST_QUIET_PORT = 20_000
export const QUIET_PORTS = 200
export const MAX_REPLICAS = 100
export const MAX_WORKLOADS = 250

export const START_TIMEOUT_MS = 60_000
/** Pauses between questions to what starts, the first and the longest: asking takes time from the start itself. */
export const READY_POLL_MS = 80
export const READY_POLL_MAX_MS = 150
/** How often a proxy that is not ready is asked why, and from when on. */
export const PROXY_REASON_PERIOD_MS = 1000
/** How long a start waits for what neither ends nor is ready, once the planes and the proxies are. */
export const SLOW_PROCESS_PATIENCE_MS = 10_000
export const PROBE_TIMEOUT_MS = 2000
/** Pause between checks of an application until it passes its probe for the first time. */
export const PROBE_START_PERIOD_MS = 100
/** How an application is asked that somebody starts by hand. */
export const EXTERNAL_PROBE: Probe = {
  tcpSocket: {},
  initialDelaySeconds: 0,
  periodSeconds: 1,
  timeoutSeconds: 1,
  successThreshold: 1,
  failureThreshold: 1,
}
export const MAX_PROBE_BYTES = 1024 * 1024

/** Until what the registry could not be told is told again. */
export const REGISTER_RETRY_MS = 500

export const FIRST_RESTART_MS = 100
export const MAX_RESTART_MS = 30_000
/** A process that ran this long starts again without waiting. */
export const STABLE_MS = 30_000

/** How long a process that ended by itself is awaited, to tell that it is back. */
export const COMEBACK_TIMEOUT_MS = 10 * 60_000
/** How long a mesh that is ready waits for its proxies to agree, before it says how many do. */
export const SYNC_PATIENCE_MS = 3000
/** How often the time of a start is told anew. */
export const PROGRESS_MS = 1000

/** Signals that come closer together are one: npm passes on what the terminal has sent already. */
export const SAME_SIGNAL_MS = 1000
/** Of a Unix socket, with room for what is appended while it is made. */
export const MAX_HANDOVER_PATH_BYTES = 88
export const STOP_GRACE_MS = 8000
export const GUARD_GRACE_MS = 1500
/** Until a killed process is gone, on a machine that has much to do. */
export const KILLED_GONE_MS = 10_000
export const GUARD_RESTART_MS = 1000

export const TOKEN_LIFETIME_S = 3600
export const TOKEN_REFRESH_MS = 20 * 60_000

/** A log file that grows beyond is moved to `NAME.1` and begins anew. */
export const MAX_LOG_BYTES = 64 * 1024 * 1024
export const LOG_CHECK_MS = 30_000
/** How often it is noted how far logs have grown. */
export const LOG_TIMES_MS = 250
/** Of the notes about one log: beyond that every second one goes. */
export const MAX_LOG_TIMES_BYTES = 1024 * 1024
export const MAX_SHOWN_FINDINGS = 20
export const FINDINGS_POLL_MS = 1000
/** Rounds of looking after which an absent finding is new again. */
export const FORGET_AFTER_ROUNDS = 5

/** Of what a process said about its end: bytes that are looked at, characters that are told. */
export const MAX_LAST_WORDS_BYTES = 8192
export const MAX_LAST_WORDS = 200
/** So many ends of a new process before it is ready mean that it will not get ready. */
export const MAX_FAILED_STARTS = 3
