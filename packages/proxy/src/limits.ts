/**
 * Every bound of the data plane in one place. Each has a counter in `counters.ts`; sizes are bytes, times milliseconds.
 * Values follow Envoy's advice for proxies at the edge where it gives one.
 */
export const LIMITS: Limits = {
  /** Request and reply heads (Envoy `max_request_headers_kb`). */
  headBytes: 60 * 1024,
  /** Header lines of one head (Envoy `max_headers_count`). */
  headerCount: 100,
  /** Open connections of one listener; more are closed at once. */
  connectionsPerListener: 10_000,
  /** A listener whose address is taken is tried again after this, doubled each time... */
  listenRetryMs: 100,
  /** ...up to this. */
  listenRetryMaxMs: 5_000,
  /** Open downstream connections of the process; fewer where it may not open twice as many files. */
  connections: 50_000,
  /** Bytes that a client sent ahead of the reply to its current request. */
  pipelinedBytes: 32 * 1024,
  /** Body bytes held for an upstream that is not connected yet; then the sender waits. */
  pendingBodyBytes: 32 * 1024,
  /** Body bytes kept for another try. */
  replayBytes: 64 * 1024,
  /** Unsent bytes of one connection after which its source pauses. */
  unsentBytes: 32 * 1024,
  /** First bytes looked at before a chain is chosen (a ClientHello). */
  sniffBytes: 16 * 1024,
  /** Until enough of the first bytes are there; before that, until a PROXY header is, where one is due. */
  sniffMs: 5_000,
  /** A silent client on a chain that may be plain TCP: the server may be the one to speak first. */
  silentClientMs: 300,
  handshakeMs: 10_000,
  /** From the first byte of a request to the end of its head. */
  requestHeadMs: 30_000,
  /** A keep-alive connection without a request. */
  downstreamIdleMs: 3_600_000,
  /** A call whose body and reply both stand still (Envoy `stream_idle_timeout`). */
  callIdleMs: 300_000,
  /** Behind a reply that closes and has left, the client's bytes are read away until none came for so long... */
  lingerMs: 1_000,
  /** ...or until this (nginx `lingering_time`)... */
  lingerTotalMs: 30_000,
  /** ...or so many: who uploads before it reads sees a reply that came early. */
  lingerBytes: 64 * 1024 * 1024,
  /** Pooled upstream connections without a call, unless the cluster says otherwise. */
  upstreamIdleMs: 3_600_000,
  upstreamConnections: 8_192,
  upstreamPending: 4_096,
  upstreamRequests: 16_384,
  /** Concurrent retries of one cluster (Envoy's circuit breaker has 3; Istio lifts it). */
  upstreamRetries: 1_024,
  upstreamConnectMs: 10_000,
  /** The least time between two PINGs of an upstream connection, whatever a rule says. */
  upstreamPingMs: 20,
  /** Names looked up because a caller asked for them (original destination). */
  askedNames: 1_024,
  askedNameIdleMs: 60_000,
  resolveMs: 5_000,
  dnsRefreshMs: 5_000,
  tcpIdleMs: 3_600_000,
  /** From SIGTERM or `/drain_listeners` to the end of the last connection. */
  drainMs: 5_000,
  /** A client of a connection of HTTP/2 that drains has so long to say that it heard; then its new calls are refused... */
  goawayMs: 1_000,
  /** ...and so long to end its calls (Istio's `drainDuration`). */
  drainedCallsMs: 45_000,
  /** After a successor has taken over, a connection that is idle so long is closed; what it asks before is answered, as its last. */
  handoverIdleMs: 2_000,
  /** How long a successor has to be ready, before its predecessor goes on alone. */
  handoverReadyMs: 60_000,
  /** The last good view on disk. */
  storedViewBytes: 64 * 1024 * 1024,
  /** How often certificate files that the configuration names are looked at, without a control plane. */
  certificateFilesMs: 5_000,
  /** How often idle times are looked at. */
  sweepMs: 1_000,
  /** Calls at once on a connection of HTTP/2 from another proxy of the mesh. */
  meshStreams: 100,
  /** Of so many calls on a connection of HTTP/2 a quarter may be taken back before they were answered; then others get a new one. */
  takenBackSample: 500,
  /** Workers of one process. */
  workers: 128,
  /** Clusters whose bounds several workers share. */
  sharedClusters: 16_384,
  /** A worker that ended by itself is started again after this, doubled each time... */
  workerRestartMs: 100,
  /** ...up to this; one that lived for as long begins anew. */
  workerRestartMaxMs: 10_000,
  /** How long a worker has to answer, and to end. */
  workerAnswerMs: 5_000,
  /** A worker whose loop has not turned for so long hangs: it is given up, and another one takes its place. */
  workerHungMs: 15_000,
  /** How long it is looked at what it does meanwhile. */
  workerProfileMs: 100,
  /** Access log of a worker leaves it after this, or when there are so many bytes. */
  workerLinesMs: 50,
  workerLinesBytes: 64 * 1024,
  /** How often memory is looked at. */
  memoryLookMs: 250,
  /** Share of a machine's memory that a proxy may use unless it is told; of a container's it is all. */
  memoryMachineShare: 0.5,
  /** Shares of what may be used at which idle connections are closed early... */
  memoryCloseIdle: 0.9,
  /** ...at which new requests are refused, too (Envoy's advice: 0.95 of the heap)... */
  memoryStopRequests: 0.95,
  /** ...and new connections as well (Envoy's advice: 0.98). */
  memoryStopConnections: 0.98,
  /** What was stopped begins again this far below. */
  memoryRelief: 0.05,
  /** The least time between two collections of garbage before requests are refused (Envoy shrinks its heap as often). */
  memoryCollectMs: 10_000,
  /** A connection without a call, while memory is short. */
  overloadIdleMs: 1_000,
  adminBodyBytes: 16 * 1024,
  adminConnections: 64,
  /** Log lines about refused requests of one sort. */
  troubleLinesPerSecond: 5,
}

/** The bounds by name; a test may hand in smaller ones. */
export type Limits = Readonly<Record<LimitName, number>>

type LimitName =
  | 'headBytes'
  | 'headerCount'
  | 'connectionsPerListener'
  | 'listenRetryMs'
  | 'listenRetryMaxMs'
  | 'connections'
  | 'pipelinedBytes'
  | 'pendingBodyBytes'
  | 'replayBytes'
  | 'unsentBytes'
  | 'sniffBytes'
  | 'sniffMs'
  | 'silentClientMs'
  | 'handshakeMs'
  | 'requestHeadMs'
  | 'downstreamIdleMs'
  | 'callIdleMs'
  | 'lingerMs'
  | 'lingerTotalMs'
  | 'lingerBytes'
  | 'upstreamIdleMs'
  | 'upstreamConnections'
  | 'upstreamPending'
  | 'upstreamRequests'
  | 'upstreamRetries'
  | 'upstreamConnectMs'
  | 'upstreamPingMs'
  | 'askedNames'
  | 'askedNameIdleMs'
  | 'resolveMs'
  | 'dnsRefreshMs'
  | 'tcpIdleMs'
  | 'drainMs'
  | 'goawayMs'
  | 'drainedCallsMs'
  | 'handoverIdleMs'
  | 'handoverReadyMs'
  | 'storedViewBytes'
  | 'certificateFilesMs'
  | 'sweepMs'
  | 'meshStreams'
  | 'takenBackSample'
  | 'workers'
  | 'sharedClusters'
  | 'workerRestartMs'
  | 'workerRestartMaxMs'
  | 'workerAnswerMs'
  | 'workerHungMs'
  | 'workerProfileMs'
  | 'workerLinesMs'
  | 'workerLinesBytes'
  | 'memoryLookMs'
  | 'memoryMachineShare'
  | 'memoryCloseIdle'
  | 'memoryStopRequests'
  | 'memoryStopConnections'
  | 'memoryRelief'
  | 'memoryCollectMs'
  | 'overloadIdleMs'
  | 'adminBodyBytes'
  | 'adminConnections'
  | 'troubleLinesPerSecond'
