import type { RunningWorkload } from '../../up/run-file.ts'
import type { Seen, SeenRecord } from '../seen-record.ts'

/** A workload of a running mesh, reached at 127.0.0.N. */
export function aWorkload(workload: string, index: number, more: Partial<RunningWorkload> = {}): RunningWorkload {
  const admin = `http://127.0.0.1:9/${workload}`
  return {
    name: `${workload}-0`,
    namespace: 'default',
    workload,
    serviceAccount: 'default',
    address: `127.0.0.${index}`,
    app: null,
    proxy: { pid: 1, admin, metrics: admin, health: admin, outbound: admin, settingsFile: '' },
    logs: { app: '', proxy: '', access: '' },
    ...more,
  } as RunningWorkload
}

export function who(workload: string): SeenRecord['self'] {
  return { workload, namespace: 'default', app: workload.replace(/-v\d+$/, ''), version: 'v1' }
}

/** A good call over HTTP. */
export function aRecord(more: Partial<SeenRecord> = {}): SeenRecord {
  return {
    seq: 1,
    reporter: 'source',
    protocol: 'http',
    startMs: 1000,
    durationMs: 10,
    method: 'GET',
    path: '/',
    authority: 'reviews:9080',
    status: 200,
    flags: [],
    details: 'via_upstream',
    bytesReceived: 0,
    bytesSent: 10,
    attempts: 1,
    requestId: 'e71abc12-0000-4000-8000-000000000001',
    cluster: 'outbound|9080||reviews.default.svc.cluster.local',
    downstreamLocal: '127.0.0.1:15001',
    downstreamRemote: '127.0.0.1:4000',
    self: who('productpage-v1'),
    snapshot: '9c41',
    madeHere: false,
    ...more,
  }
}

/** Calls between workloads, as the proxies of both sides tell them. */
export class Talk {
  readonly seen: Seen[] = []
  readonly #spans: boolean
  #next = 1

  /** `spans`: the mesh traces. */
  constructor(spans: boolean) {
    this.#spans = spans
  }

  /** One call; `within` is the arrival that it was sent from. */
  call(
    from: RunningWorkload,
    to: RunningWorkload,
    times: { startMs: number; durationMs: number; within?: Seen },
  ): { sent: Seen; came: Seen } {
    const port = 40_000 + this.#next
    const [upstreamLocal, upstreamRemote] = [`${from.address}:${port}`, `${to.address}:9080`]
    const { within, ...when } = times
    const parent = within?.record.trace?.spanId
    const sent = this.#add(from, {
      ...when,
      self: who(from.workload),
      peer: who(to.workload),
      upstreamLocal,
      upstreamRemote,
      ...this.#span(parent),
    })
    const came = this.#add(to, {
      startMs: when.startMs + 1,
      durationMs: when.durationMs - 2,
      reporter: 'destination',
      self: who(to.workload),
      peer: who(from.workload),
      cluster: 'inbound|9080||',
      downstreamLocal: upstreamRemote,
      downstreamRemote: upstreamLocal,
      ...this.#span(sent.record.trace?.spanId),
    })
    return { sent, came }
  }

  /** A call that the caller's proxy answered itself. */
  refused(from: RunningWorkload, more: Partial<SeenRecord>, within?: Seen): Seen {
    return this.#add(from, { self: who(from.workload), attempts: 0, madeHere: true, ...more, ...this.#span(within?.record.trace?.spanId) })
  }

  #add(at: RunningWorkload, more: Partial<SeenRecord>): Seen {
    const seen = { at, record: aRecord({ seq: this.#next++, ...more }) }
    this.seen.push(seen)
    return seen
  }

  #span(parentSpanId: string | undefined): Partial<SeenRecord> {
    if (!this.#spans) return {}
    const spanId = String(this.#next).padStart(16, '0')
    return { trace: { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId, ...(parentSpanId === undefined ? {} : { parentSpanId }) } }
  }
}
