/** Every bound of this package; sizes are bytes, times milliseconds. */
export const IO_LIMITS = {
  /** Unsent bytes of one connection from which a write answers `short`. */
  highWaterBytes: 64 * 1024,
  /** Unsent bytes of one connection at which it is given up: its owner did not heed `short`. */
  maxUnsentBytes: 16 * 1024 * 1024,
  /** Pieces of one message up to this size are joined and leave in one call. */
  joinBytes: 64 * 1024,
  /** A `close` whose peer takes nothing of what is buffered for so long is given up; the kernel tells of progress in steps of a third of its own buffer. */
  closeMs: 60_000,
  /** A `close` is given up after this, however slowly its peer reads. */
  maxCloseMs: 600_000,
  /** Granularity of timers. */
  tickMs: 4,
  /** Addresses of one name that are told. */
  addressesPerName: 256,
  /** One question to one name server. */
  dnsTimeoutMs: 2_000,
  dnsTries: 2,
  /** An answer is asked for again at the latest after this, whatever its TTL. */
  maxTtlMs: 3_600_000,
  /** Reads of the arena that one connection may do in one turn of the fast plug, before others have theirs. */
  readsPerTurn: 4,
  /** What one call passes on inside of the kernel, at most. */
  straightBytes: 256 * 1024,
  /** Pieces smaller than this are read again, and passed on by a write. */
  minStraightBytes: 16 * 1024,
  /** Connections that one listener may accept in one turn. */
  acceptsPerTurn: 64,
  /** Events of the fast plug until what they made others write leaves. */
  eventsPerFlush: 32,
  /** Messages up to this size may leave towards the end of a turn. */
  lateBytes: 16 * 1024,
  /** Rounds of what is put off to the end of a turn, before it waits for the next. */
  choreRounds: 4,
  /** Connections that the kernel keeps until they are accepted; it takes no more than `net.core.somaxconn`. */
  backlog: 1024,
  /** How long a predecessor has to hand its sockets on. */
  handoverMs: 5_000,
  /** After a failed lookup, unless `minRefreshMs` is longer. */
  dnsRetryMs: 1_000,
} as const
