import type { Engine } from '@mesh/core/engine'
import {
  createAccessLogWriter,
  createMetrics,
  createRecordRing,
  createZipkinExporter,
  formatAccessLog,
  type AccessLogWriter,
  type CallMetrics,
  type RecordRing,
  type SpanTarget,
  type ZipkinExporter,
} from '@mesh/telemetry'
import type { CallRecord, Trouble } from '@mesh/core/call'
import type { RecordSinks } from './observer.ts'
import { createTroubleLog } from './trouble-log.ts'

/** Where the records of a proxy process go: metrics in memory, the access log to stdout, spans to the collectors that the view names. */
export interface ProcessSinks extends RecordSinks {
  readonly metrics: CallMetrics
  /** The last of them, for who asks. */
  readonly records: RecordRing
  /** Lines and spans that were lost. */
  readonly lost: () => { readonly lines: number; readonly spans: number }
  /** Sends what is left. */
  close(): Promise<void>
}

export interface ProcessSinksOptions {
  /** Of the view in force, where collectors are clusters. */
  readonly engine: () => Engine
  readonly onProblem: (message: string) => void
  /** A reply that was made here because something is wrong. */
  readonly onTrouble: (trouble: Trouble, leftOut: number) => void
}

const STDOUT = 1

/** Opens the sinks of this process. */
export function openSinks(options: ProcessSinksOptions): ProcessSinks {
  const records = createRecordRing()
  return { ...openSinksTo(options, { log: createAccessLogWriter(STDOUT), keep: (record) => records.add(record) }), records }
}

/** Where lines and records go that are told by somebody else. */
export interface RecordKeepers {
  readonly log: AccessLogWriter
  readonly keep: (record: CallRecord) => void
}

/** Opens sinks whose lines and records go there. */
export function openSinksTo(
  { engine, onProblem, onTrouble }: ProcessSinksOptions,
  { log, keep }: RecordKeepers,
): Omit<ProcessSinks, 'records'> {
  const metrics = createMetrics()
  const tellTrouble = createTroubleLog(onTrouble)
  const exporters = new Map<string, ZipkinExporter>()
  const exporterFor = (cluster: string): ZipkinExporter => {
    let exporter = exporters.get(cluster)
    if (exporter === undefined)
      exporters.set(cluster, (exporter = createZipkinExporter({ target: () => collectorOf(engine(), cluster), onProblem })))
    return exporter
  }
  return {
    metrics,
    keep(record) {
      keep(record)
      if (record.madeHere) tellTrouble(record)
    },
    accessLog: (record) => log.write(formatAccessLog(record)),
    span(record, { zipkin }) {
      if (zipkin !== undefined) exporterFor(zipkin).record(record)
    },
    lost: () => ({
      lines: log.dropped,
      spans: [...exporters.values()].reduce((sum, { counts }) => sum + counts.dropped + counts.failed, 0),
    }),
    async close() {
      await Promise.all([log.close(), ...[...exporters.values()].map((exporter) => exporter.close())])
    },
  }
}

/** Spans go straight to an endpoint of the collector's cluster, never through our own listeners. */
function collectorOf(engine: Engine, cluster: string): SpanTarget | undefined {
  const endpoint = engine.cluster(cluster)?.endpoints[0]
  return endpoint === undefined ? undefined : { address: endpoint.address, port: endpoint.port }
}
