/** Every bound of this package; each can be set otherwise where a server or channel is made. */

/** What a server takes from its clients. */
export interface ServerLimits {
  /** More are closed as they come. */
  readonly maxConnections: number
  /** A connection that has made no call by then, or has not even finished its handshake, is closed. */
  readonly firstCallMs: number
  /** Calls under way; a call counts until its last byte was taken. */
  readonly maxCalls: number
  /** Of one SPIFFE id, which all replicas of a workload share. */
  readonly maxCallsPerIdentity: number
  /** A peer that does not take the end of its call by then loses its connection. */
  readonly endGraceMs: number
  readonly maxReceiveBytes: number
  readonly maxSendBytes: number
  readonly maxStreamsPerConnection: number
  /** A connection without calls is closed after this. */
  readonly maxConnectionIdleMs: number
  /** A connection is asked to go after this (plus or minus a tenth), so that clients spread again. */
  readonly maxConnectionAgeMs: number
  /** How long its streams may take to end then. */
  readonly maxConnectionAgeGraceMs: number
  readonly keepaliveTimeMs: number
  readonly keepaliveTimeoutMs: number
}

export const SERVER_LIMITS: ServerLimits = {
  maxConnections: 10_000,
  firstCallMs: 20_000,
  maxCalls: 10_000,
  maxCallsPerIdentity: 1_000,
  endGraceMs: 10_000,
  maxReceiveBytes: 4 << 20,
  maxSendBytes: 256 << 20,
  maxStreamsPerConnection: 100,
  maxConnectionIdleMs: 5 * 60_000,
  maxConnectionAgeMs: 30 * 60_000,
  maxConnectionAgeGraceMs: 10_000,
  keepaliveTimeMs: 30_000,
  keepaliveTimeoutMs: 10_000,
}

/** What a channel takes from its server, and how it reconnects. */
export interface ChannelLimits {
  readonly maxReceiveBytes: number
  readonly maxSendBytes: number
  readonly keepaliveTimeMs: number
  readonly keepaliveTimeoutMs: number
  /** First and longest pause between attempts to connect; gRPC adds jitter of a fifth. */
  readonly reconnectBaseMs: number
  readonly reconnectMaxMs: number
  /** For calls that set none. */
  readonly deadlineMs: number
}

export const CHANNEL_LIMITS: ChannelLimits = {
  maxReceiveBytes: 256 << 20,
  maxSendBytes: 4 << 20,
  keepaliveTimeMs: 30_000,
  keepaliveTimeoutMs: 10_000,
  reconnectBaseMs: 200,
  reconnectMaxMs: 3_000,
  deadlineMs: 10_000,
}

/** A certificate larger than this is not read. */
export const MAX_CERTIFICATE_BYTES = 64 << 10
/** Longer status messages are cut. */
export const MAX_STATUS_MESSAGE_CHARS = 1024

/** Messages within messages; what is nested deeper is not read. */
export const MAX_MESSAGE_DEPTH = 100
/** Messages in one request: two bytes make one, which takes fifty times as much memory. */
export const MAX_REQUEST_MESSAGES = 10_000
/** Unknown fields that are kept of a message and those within; further ones are passed over. */
export const MAX_UNKNOWN_FIELDS = 1_000
