import { addProcessMetrics, createRegistry } from '@mesh/telemetry'
import type { RefusedCall } from '@mesh/rpc'
import type { ClientStatus, RefusalReason, ResourceType, TypeStatus } from '@mesh/xds'

/** What pilot counts, under istiod's names. */
export interface PilotMetrics {
  /** A client's state has changed; `closed` when it has gone. */
  onStatus(status: ClientStatus, closed: boolean): void
  onSnapshot(counts: SnapshotCounts): void
  /** A connection, call or stream was ended at a bound or for who it is. */
  onRefused(reason: RefusalReason | RefusedCall): void
  /** Prometheus text. */
  expose(): string
  close(): void
}

/** A new snapshot: what is in force, and how much of the configuration has errors. */
export interface SnapshotCounts {
  readonly hash: string
  readonly passed: number
  readonly failed: number
  readonly services: number
}

export interface PilotMetricsOptions {
  /** Told once of each refusal (NACK) of a client. */
  readonly onReject: (status: ClientStatus, type: TypeStatus) => void
  /** Monotonic milliseconds. */
  readonly now?: () => number
}

export function createPilotMetrics({ onReject, now = () => performance.now() }: PilotMetricsOptions): PilotMetrics {
  const registry = createRegistry()
  const pushes = registry.counter({ name: 'pilot_xds_pushes', help: 'Responses sent, by type.', labels: ['type'] })
  const rejects = registry.counter({
    name: 'pilot_total_xds_rejects',
    help: 'Responses that clients refused (NACK), by type.',
    labels: ['type'],
  })
  const refused = registry.counter({
    name: 'pilot_xds_refused',
    help: 'Connections and streams that were ended for who they are or for going beyond a bound, by reason.',
    labels: ['reason'],
  })
  const connected = registry.gauge({ name: 'pilot_xds', help: 'Clients connected by xDS.' }).of()
  const services = registry.gauge({ name: 'pilot_services', help: 'Services known to pilot.' }).of()
  const snapshots = registry.counter({ name: 'pilot_snapshots', help: 'Snapshots that came into force.' }).of()
  const passed = registry.counter({ name: 'galley_validation_passed', help: 'Objects that were valid, over all snapshots.' }).of()
  const failed = registry.counter({ name: 'galley_validation_failed', help: 'Objects that had errors, over all snapshots.' }).of()
  const convergence = registry
    .histogram({ name: 'pilot_proxy_convergence_time', help: 'Seconds from a new snapshot until a proxy has accepted it.', bounds: BOUNDS })
    .of()
  const stop = addProcessMetrics(registry)
  const clients = new Map<number, Seen>()
  let latest: { readonly hash: string; readonly atMs: number } | undefined

  const onType = (seen: Seen, status: ClientStatus, type: TypeStatus): void => {
    const before = seen.types.get(type.type)
    const label = type.type.toLowerCase()
    if (type.sentNonce !== '' && before?.sentNonce !== type.sentNonce) pushes.of(label).add()
    if (type.error !== undefined && before?.error !== type.error) {
      rejects.of(label).add()
      onReject(status, type)
    }
    seen.types.set(type.type, type)
  }
  const onClient = (status: ClientStatus): void => {
    const seen = clients.get(status.id) ?? { types: new Map(), converged: '' }
    clients.set(status.id, seen)
    for (const type of status.types) onType(seen, status, type)
    if (latest === undefined || status.snapshot !== latest.hash || seen.converged === latest.hash || !isSettled(status)) return
    seen.converged = latest.hash
    convergence.observe((now() - latest.atMs) / 1000)
  }
  return {
    onStatus: (status, closed) => {
      if (closed) clients.delete(status.id)
      else onClient(status)
      connected.set(clients.size)
    },
    onSnapshot: (counts) => {
      latest = { hash: counts.hash, atMs: now() }
      snapshots.add()
      services.set(counts.services)
      passed.add(counts.passed)
      failed.add(counts.failed)
    },
    onRefused: (reason) => refused.of(reason).add(),
    expose: registry.expose,
    close: stop,
  }
}

interface Seen {
  readonly types: Map<ResourceType, TypeStatus>
  /** The snapshot whose convergence was told last. */
  converged: string
}

/** Istiod's buckets, and finer ones below, in seconds. */
const BOUNDS = [0.01, 0.05, 0.1, 0.5, 1, 3, 5, 10, 20, 30]

function isSettled({ types }: ClientStatus): boolean {
  return types.length > 0 && types.every(({ state }) => state === 'SYNCED' || state === 'NOT SENT')
}
