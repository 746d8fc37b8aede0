/** Bounds of a head, in bytes and lines. */
export interface HeadLimits {
  /** Start line and header lines together. */
  readonly maxHeadBytes: number
  readonly maxHeaders: number
}

/** Bounds of one HTTP/1.1 message as a parser accepts it; sizes are bytes. */
export interface H1Limits extends HeadLimits {
  /** Chunk extensions of one message together; they are checked and not passed on. */
  readonly maxChunkExtensionBytes: number
  readonly maxTrailerBytes: number
}

/** Envoy's bounds for heads (60 KiB, 100 lines). */
export const H1_LIMITS: H1Limits = {
  maxHeadBytes: 60 * 1024,
  maxHeaders: 100,
  maxChunkExtensionBytes: 4 * 1024,
  maxTrailerBytes: 8 * 1024,
}

/** A method name. */
export const MAX_METHOD_BYTES = 32
/** One TLS handshake message that is looked into. */
export const MAX_CLIENT_HELLO_BYTES = 16 * 1024
/** Version 1 of the PROXY protocol: the line with its CRLF (proxy-protocol.txt section 2.1). */
export const MAX_PROXY_LINE_BYTES = 107
/** Version 2: all of the header, with its TLVs; a sender may say up to 64 KiB. */
export const MAX_PROXY_HEADER_BYTES = 4096
/** ALPN names of one ClientHello that are told. */
export const MAX_ALPN_NAMES = 16
/** Interim replies (1xx) before the one that answers. */
export const MAX_INTERIM_REPLIES = 16

/** Bounds of one HTTP/2 connection, Envoy's where it has them; of a header list as RFC 9113 section 6.5.2 counts it. */
export interface H2Limits extends HeadLimits {
  /** Streams that the peer may have open. */
  readonly maxConcurrentStreams: number
  /** What the peer may send on one stream, and on all, before it must wait; bytes. */
  readonly streamWindow: number
  readonly connectionWindow: number
  readonly headerTableBytes: number
  readonly maxTrailerBytes: number
  /** Frames that carry nothing (PING, SETTINGS, PRIORITY, RST_STREAM, WINDOW_UPDATE, empty DATA): so many at once, and so many a second. */
  readonly controlFrames: number
  readonly controlFramesPerSecond: number
  /** CONTINUATION frames of one header list. */
  readonly maxContinuations: number
  /** Of so many streams not more than half may be taken back before they were answered. */
  readonly resetSample: number
}

export const H2_LIMITS: H2Limits = {
  maxConcurrentStreams: 100,
  streamWindow: 64 * 1024,
  connectionWindow: 1024 * 1024,
  headerTableBytes: 4096,
  maxHeadBytes: 60 * 1024,
  maxHeaders: 100,
  maxTrailerBytes: 8 * 1024,
  controlFrames: 1000,
  controlFramesPerSecond: 100,
  maxContinuations: 8,
  resetSample: 500,
}

/**
 * Between two proxies of one mesh, whose connection carries the calls of many. Its window is that of all its streams together, so that
 * nobody who does not read holds up the others; and a stream has as much on its way as a peer that is not near needs.
 */
export const H2_MESH_LIMITS: H2Limits = {
  ...H2_LIMITS,
  streamWindow: 256 * 1024,
  connectionWindow: H2_LIMITS.maxConcurrentStreams * 256 * 1024,
}
