import type { ClientStatus, ResourceType } from '@mesh/xds'

/** What pilot counts, under istiod's names. */
export interface PilotMetrics {
  /** A client's state has changed. */
  onStatus(status: ClientStatus, closed: boolean): void
  /** A new snapshot: how many objects are in force, and how many have errors. */
  onSnapshot(snapshot: SnapshotCounts): void
  /** Prometheus text. */
  expose(): string
}

export interface SnapshotCounts {
  readonly hash: string
  readonly passed: number
  readonly failed: number
  readonly services: number
}

/** `now` is monotonic milliseconds. */
export function createPilotMetrics(now: () => number = () => performance.now()): PilotMetrics {
  const pushes = new Map<string, number>()
  const rejects = new Map<string, number>()
  const clients = new Map<string, Seen>()
  const convergence = histogram(CONVERGENCE_SECONDS)
  const totals = { passed: 0, failed: 0, services: 0, snapshots: 0 }
  let snapshotAt: { readonly hash: string; readonly at: number } | undefined

  const onType = (seen: Seen, type: ClientStatus['types'][number]): void => {
    const before = seen.types.get(type.type)
    const name = type.type.toLowerCase()
    if (type.sentNonce !== '' && before?.sentNonce !== type.sentNonce) increase(pushes, name)
    if (type.error !== undefined && before?.error !== type.error) increase(rejects, name)
    seen.types.set(type.type, type)
  }
  return {
    onStatus: (status, closed) => {
      const key = `${status.node.name}.${status.node.namespace} ${status.connectedAtMs} ${status.peer.address}:${status.peer.port}`
      if (closed) return void clients.delete(key)
      const seen = clients.get(key) ?? { types: new Map(), converged: '' }
      clients.set(key, seen)
      for (const type of status.types) onType(seen, type)
      const settled = status.types.every(({ state }) => state === 'SYNCED' || state === 'NOT SENT')
      if (settled && status.snapshot === snapshotAt?.hash && seen.converged !== status.snapshot) {
        convergence.observe((now() - snapshotAt.at) / 1000)
        seen.converged = status.snapshot
      }
    },
    onSnapshot: ({ hash, passed, failed, services }) => {
      snapshotAt = { hash, at: now() }
      totals.passed += passed
      totals.failed += failed
      totals.services = services
      totals.snapshots++
    },
    expose: () =>
      [
        gauge('pilot_xds', 'Clients connected to this pilot by xDS.', clients.size),
        gauge('pilot_services', 'Services known to pilot.', totals.services),
        counters('pilot_xds_pushes', 'Responses sent, by type.', pushes),
        counters('pilot_total_xds_rejects', 'Responses that clients refused (NACK), by type.', rejects),
        counter('pilot_snapshots', 'Snapshots that came into force.', totals.snapshots),
        counter('galley_validation_passed', 'Objects that were valid, over all snapshots.', totals.passed),
        counter('galley_validation_failed', 'Objects that had errors, over all snapshots.', totals.failed),
        convergence.expose('pilot_proxy_convergence_time', 'Seconds from a new snapshot until a proxy has accepted all of it.'),
      ].join(''),
  }
}

interface Seen {
  readonly types: Map<ResourceType, ClientStatus['types'][number]>
  converged: string
}

/** Istiod's buckets, and finer ones below. */
const CONVERGENCE_SECONDS = [0.01, 0.05, 0.1, 0.5, 1, 3, 5, 10, 20, 30]

function increase(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

function gauge(name: string, help: string, value: number): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${name} ${value}\n`
}

function counter(name: string, help: string, value: number): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} counter\n${name} ${value}\n`
}

function counters(name: string, help: string, counts: ReadonlyMap<string, number>): string {
  const lines = [...counts].sort().map(([type, value]) => `${name}{type="${type}"} ${value}\n`)
  return `# HELP ${name} ${help}\n# TYPE ${name} counter\n${lines.join('')}`
}

function histogram(bounds: readonly number[]) {
  const buckets = bounds.map(() => 0)
  let count = 0
  let sum = 0
  return {
    observe: (value: number) => {
      count++
      sum += value
      for (const [index, bound] of bounds.entries()) if (value <= bound) buckets[index] = (buckets[index] ?? 0) + 1
    },
    expose: (name: string, help: string) => {
      const lines = bounds.map((bound, index) => `${name}_bucket{le="${bound}"} ${buckets[index]}\n`)
      return `# HELP ${name} ${help}\n# TYPE ${name} histogram\n${lines.join('')}${name}_bucket{le="+Inf"} ${count}\n${name}_sum ${sum}\n${name}_count ${count}\n`
    },
  }
}
