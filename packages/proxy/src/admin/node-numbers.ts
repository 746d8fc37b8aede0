import type { EjectedEndpoint } from '@mesh/core/outlier'
import { recordPage, type RecordPage, type RecordQuery } from '@mesh/telemetry'
import type { Counters } from '../counters.ts'
import type { DataPlane } from '../data-plane.ts'
import type { ProcessSinks } from '../observe/sinks.ts'
import type { MemoryNumbers } from '../overload/memory-watch.ts'
import { hostNumbers, type HostNumbers } from '../pool/host-numbers.ts'

/** What a node counts, over all that carries its traffic. */
export interface NodeNumbers {
  /** All at one moment. Rejects when a part of it cannot be had. */
  report(): NodeReport | Promise<NodeReport>
  /** The last calls; `startedMs` is when this memory began, Unix milliseconds. */
  records(query: RecordQuery, startedMs: number): RecordPage | Promise<RecordPage>
}

export interface NodeReport {
  readonly counters: Counters
  readonly hosts: readonly HostNumbers[]
  /** Endpoints that take no calls for a while. */
  readonly ejected: readonly EjectedEndpoint[]
  /** Log lines and spans that were lost. */
  readonly lost: { readonly lines: number; readonly spans: number }
  /** Prometheus text of the calls' metrics. */
  readonly expose: () => string
}

/** The numbers of a data plane in this thread. */
export function ownNumbers(
  { counters, pools, outliers }: Pick<DataPlane, 'counters' | 'pools' | 'outliers'>,
  sinks: ProcessSinks,
  memory?: MemoryNumbers,
): NodeNumbers {
  return {
    report: () => ({
      counters: { ...counters, ...memory },
      hosts: hostNumbers(pools),
      ejected: outliers.ejected,
      lost: sinks.lost(),
      expose: () => sinks.metrics.expose(),
    }),
    records: (query, startedMs) => recordPage(sinks.records, startedMs, query),
  }
}
