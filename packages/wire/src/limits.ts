/** Bounds of one HTTP/1.1 message as a parser accepts it; sizes are bytes. */
export interface H1Limits {
  /** Start line and header lines together. */
  readonly maxHeadBytes: number
  readonly maxHeaders: number
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
/** ALPN names of one ClientHello that are told. */
export const MAX_ALPN_NAMES = 16
/** Interim replies (1xx) before the one that answers. */
export const MAX_INTERIM_REPLIES = 16
