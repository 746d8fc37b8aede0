/** Every bound of this package. */

/** Streams of one node: it may come back before the server knows that an old one is dead. How many there are in all is bounded by `serve`. */
export const MAX_STREAMS_PER_NODE = 8
/** Streams that a node opens: so many at once, then so many a second. */
export const ARRIVAL_BURST = 32
export const ARRIVALS_PER_S = 1
/** Nodes whose arrivals are counted. */
export const MAX_REMEMBERED_NODES = 10_000
/** A stream that has not named its node by then is ended. */
export const GREET_MS = 10_000
/** Names in one request, and of one client over all types. */
export const MAX_NAMES = 50_000
/** Characters of one name, of a version, and of all names together. */
export const MAX_NAME_CHARS = 2_048
export const MAX_VERSION_CHARS = 256
export const MAX_NAMES_CHARS = 4 << 20
/** Requests of one stream: so many at once, and so many a second; one with more names than this counts for more. */
export const REQUEST_BURST = 2_000
export const REQUESTS_PER_S = 500
export const NAMES_PER_REQUEST = 200
/** Of a node: characters of its id, of each text about it, labels and characters of each. */
export const MAX_NODE_ID_CHARS = 1_024
export const MAX_NODE_TEXT_CHARS = 253
export const MAX_LABELS = 128
export const MAX_LABEL_CHARS = 317
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
