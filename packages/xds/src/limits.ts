/** Every bound of this package. */

/** Connected clients of one server; more are refused. */
export const MAX_CLIENTS = 10_000
/** Names in one request. */
export const MAX_NAMES = 100_000
/** Clients that get their view computed in one turn of the event loop. */
export const PUSH_BATCH = 16
/** Longer reasons of a NACK are cut. */
export const MAX_ERROR_CHARS = 2_000
/** Refused resources that are named in one NACK. */
export const MAX_NAMED_REJECTIONS = 20

/** How long a client waits for what its view still refers to, before the view is used without it (Envoy `initial_fetch_timeout`). */
export const MAX_HOLD_MS = 5_000
/** First and longest pause before the stream is opened again; the actual one is random below it, at least half. */
export const RECONNECT_BASE_MS = 100
export const RECONNECT_MAX_MS = 3_000
/** A stream that lived this long was good: the next pause is the first again. */
export const STABLE_STREAM_MS = 5_000
/** Times that a view is offered again without what was refused of it. */
export const MAX_OFFERS = 4
