import {
  createMetricsLedger,
  createRecordPart,
  joinParts,
  type MetricsLedger,
  type NumberedRecord,
  type PartAnswer,
  type RecordPage,
  type RecordPart,
  type RecordQuery,
} from '@mesh/telemetry'
import type { EjectedEndpoint } from '@mesh/core/outlier'
import type { NodeReport } from '../admin/node-numbers.ts'
import { createCounters, isGauge, type CounterName, type Counters } from '../counters.ts'
import type { MemoryNumbers } from '../overload/memory-watch.ts'
import { joinHosts, type HostNumbers } from '../pool/host-numbers.ts'
import type { WorkerReport } from './messages.ts'

/** What the main thread knows better than the sum of its workers: each of them counts the same event. */
export type NodeCounters = MemoryNumbers &
  Pick<
    Counters,
    'viewUpdates' | 'viewRejections' | 'svidUpdates' | 'workersHung' | 'listenersBound' | 'listenersWaiting' | 'outlierEjectionsActive'
  >

/** The numbers of all workers as one, those of workers that are no more included. */
export class JoinedNumbers {
  readonly #ledger: MetricsLedger = createMetricsLedger()
  readonly #last = new Map<number, WorkerReport>()
  readonly #gone = createCounters()
  readonly #goneLost = { lines: 0, spans: 0 }
  #goneHosts: readonly HostNumbers[] = []
  #goneRecords: RecordPart = createRecordPart(1)

  /** The latest of a worker. */
  take(worker: number, report: WorkerReport): void {
    this.#ledger.take(report.harvest)
    this.#last.set(worker, report)
  }

  /** A worker is no more: what it counted stays, what it had open does not. `clusters`: those that are still there. */
  retire(worker: number, records: readonly NumberedRecord[], clusters: ReadonlySet<string>): void {
    const last = this.#last.get(worker)
    this.#last.delete(worker)
    if (last !== undefined) {
      for (const name of Object.keys(this.#gone) as CounterName[]) if (!isGauge(name)) this.#gone[name] += last.counters[name]
      this.#goneLost.lines += last.lost.lines
      this.#goneLost.spans += last.lost.spans
      const closed = last.hosts.map((one) => ({ ...one, stats: { ...one.stats, cx_active: 0, rq_active: 0 } }))
      this.#goneHosts = joinHosts([...this.#goneHosts, ...closed]).filter(({ cluster }) => clusters.has(cluster))
    }
    const all = [...this.#goneRecords.all(), ...records].toSorted((left, right) => left.seq - right.seq)
    this.#goneRecords = createRecordPart(1)
    for (const one of all) this.#goneRecords.add(one)
  }

  /** `own` of the main thread: its log may have lost lines, too, and it sees who is ejected. */
  report(node: NodeCounters, own: { readonly lines: number; readonly ejected: readonly EjectedEndpoint[] }): NodeReport {
    const reports = [...this.#last.values()]
    const counters = { ...this.#gone }
    for (const name of Object.keys(counters) as CounterName[]) for (const report of reports) counters[name] += report.counters[name]
    const lost = { lines: own.lines + this.#goneLost.lines, spans: this.#goneLost.spans }
    for (const report of reports) {
      lost.lines += report.lost.lines
      lost.spans += report.lost.spans
    }
    return {
      counters: { ...counters, ...node },
      hosts: joinHosts([...reports.flatMap(({ hosts }) => hosts), ...this.#goneHosts]),
      ejected: own.ejected,
      lost,
      expose: () => this.#ledger.expose(),
    }
  }

  /** `next`: the number below which all were asked. */
  page(answers: readonly PartAnswer[], { query, startedMs, next }: { query: RecordQuery; startedMs: number; next: number }): RecordPage {
    return joinParts([...answers, this.#goneRecords.answer(query, next)], { startedMs, next, query })
  }
}
