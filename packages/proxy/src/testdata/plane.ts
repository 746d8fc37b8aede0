import type { CallRecord } from '@mesh/core/call'
import type { SvidSource } from '@mesh/core/identity'
import type { OutlierEvent } from '@mesh/core/outlier'
import type { NodeSelf, View } from '@mesh/core/view'
import type { Io } from '@mesh/io'
import { fastIo } from '@mesh/io/fast'
import { portableIo, type PortableOptions } from '@mesh/io/portable'
import { createDataPlane, type DataPlane } from '../data-plane.ts'
import type { UnderscoreAction } from '../http/admit-request.ts'
import type { Limits } from '../limits.ts'
import type { ListenerFailure } from '../listen/listener-set.ts'
import type { Overload } from '../overload/level.ts'
import type { CountsOf } from '../pool/counts.ts'
import type { Place } from '../pool/loop.ts'
import { SELF } from './views.ts'

/** A data plane in this process, and all that it reported. */
export interface TestPlane {
  readonly plane: DataPlane
  readonly source: SvidSource | undefined
  readonly records: readonly CallRecord[]
  /** All that is over, whether the chain has an access log or not. */
  readonly kept: readonly CallRecord[]
  readonly faults: readonly unknown[]
  /** What does not work in the configuration. */
  readonly problems: readonly string[]
  readonly failures: readonly ListenerFailure[]
  /** Endpoints that were ejected and came back. */
  readonly outliers: readonly OutlierEvent[]
  /** Port of a listener of the view. */
  port(name?: string): number
  /** Resolves with the records as soon as there are so many. */
  recorded(count: number): Promise<readonly CallRecord[]>
  close(): void
}

export interface PlaneOptions {
  readonly self?: Partial<NodeSelf>
  readonly limits?: Partial<Limits>
  readonly source?: SvidSource
  readonly localAddress?: string
  readonly countsOf?: CountsOf
  readonly overload?: Overload
  readonly underscores?: UnderscoreAction
  readonly ownPlaces?: readonly Place[]
}

/** The plug under test: the whole suite runs on either. */
const makeIo = (options: PortableOptions): Io =>
  process.env['MESH_TEST_IO'] === 'fast' ? fastIo({ ...options, spoilLent: true }) : portableIo(options)

/** Starts a data plane on a view; its listeners take free ports where the view says 0. */
export async function startPlane(view: View, options: PlaneOptions = {}): Promise<TestPlane> {
  const records: CallRecord[] = []
  const kept: CallRecord[] = []
  const faults: unknown[] = []
  const problems: string[] = []
  const outliers: OutlierEvent[] = []
  const wakes = new Set<() => void>()
  const plane = createDataPlane({
    io: makeIo({ onFault: (error) => faults.push(error) }),
    self: { ...SELF, ...options.self },
    sinks: {
      metrics: { record: () => undefined, tcpOpened: () => undefined, tcpClosed: () => undefined },
      accessLog: (record) => {
        records.push(record)
        for (const wake of [...wakes]) wake()
      },
      span: () => undefined,
      keep: (record) => kept.push(record),
    },
    onFault: (error) => faults.push(error),
    onProblem: (problem) => problems.push(problem),
    onOutlier: (event) => outliers.push(event),
    ...(options.limits === undefined ? {} : { limits: options.limits }),
    ...(options.countsOf === undefined ? {} : { countsOf: options.countsOf }),
    ...(options.overload === undefined ? {} : { overload: options.overload }),
    ...(options.ownPlaces === undefined ? {} : { ownPlaces: options.ownPlaces }),
    ...(options.underscores === undefined ? {} : { underscores: options.underscores }),
    ...(options.source === undefined ? {} : { source: options.source }),
    ...(options.localAddress === undefined ? {} : { localAddress: options.localAddress }),
  })
  const failures = await plane.apply(view)
  return {
    plane,
    source: options.source,
    records,
    kept,
    faults,
    problems,
    outliers,
    failures,
    port(name = 'http_proxy') {
      const bound = plane.listeners.bound.find(({ plan }) => plan.listener.name === name)
      if (bound?.socket === undefined) throw new Error(`no listener ${name}`)
      return bound.socket.port
    },
    recorded: (count) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (records.length < count) return
          wakes.delete(look)
          resolve(records)
        }
        wakes.add(look)
        look()
      }),
    close: () => plane.close(),
  }
}
