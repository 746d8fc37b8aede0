import type { Svid } from '@mesh/core/identity'
import type { OutlierMemory, OutlierPlan } from '@mesh/core/outlier'
import type { View } from '@mesh/core/view'
import type { ListenError } from '@mesh/io'
import type { MetricsHarvest, NumberedRecord, PartAnswer, RecordQuery } from '@mesh/telemetry'
import type { Counters } from '../counters.ts'
import type { ListenerFailure, UnboundListener } from '../listen/listener-set.ts'
import type { HostNumbers } from '../pool/host-numbers.ts'
import type { NodeSettings } from '../settings.ts'
import type { CountsMemory } from './shared-counts.ts'
import type { Vitals } from './vitals.ts'

/** What a worker is given when it starts. Views, SVIDs and all else come as messages: plain values, copied from thread to thread. */
export interface WorkerStart {
  /** From 0 on; a worker that takes the place of another one has its number. */
  readonly worker: number
  readonly workers: number
  readonly settings: NodeSettings
  readonly plug: 'fast' | 'portable'
  readonly logLevel: string
  readonly counts: CountsMemory
  readonly outliers: OutlierMemory
  readonly vitals: Vitals
  /** How many records there were in all workers together. */
  readonly sequence: BigInt64Array
  /** Name of the channel on which workers ring for one another. */
  readonly bell: string
}

/** Slots of clusters in the memory of counts, by name. */
export type Slots = readonly (readonly [cluster: string, slot: number])[]

/** What is asked of a worker; each is answered once. */
export type Question =
  | { readonly kind: 'view'; readonly view: View; readonly slots: Slots; readonly outliers: OutlierPlan }
  | { readonly kind: 'report' }
  | { readonly kind: 'records'; readonly query: RecordQuery; readonly before: number }
  | { readonly kind: 'drain'; readonly gently: boolean }

/** What comes back, by the kind of the question. */
export interface Answers {
  readonly view: readonly ListenerFailure[]
  readonly report: WorkerReport
  readonly records: PartAnswer
  readonly drain: null
}

export type ToWorker =
  | { readonly kind: 'question'; readonly id: number; readonly question: Question }
  | { readonly kind: 'permit'; readonly id: number; readonly permit: Permit }
  | { readonly kind: 'svid'; readonly svid: Svid }
  | { readonly kind: 'log-level'; readonly level: string }
  | { readonly kind: 'end' }

export type FromWorker =
  | { readonly kind: 'started' }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: Answers[keyof Answers] }
  | { readonly kind: 'listeners'; readonly state: ListenersState }
  | { readonly kind: 'listen'; readonly id: number; readonly address: string; readonly port: number }
  | { readonly kind: 'released'; readonly address: string; readonly port: number }
  | { readonly kind: 'lines'; readonly text: string; readonly lines: number }
  /** Behind it the worker ends. */
  | { readonly kind: 'last-words'; readonly report: WorkerReport; readonly records: readonly NumberedRecord[] }

/** Whether a worker may listen where it asked, and at which port. */
export type Permit =
  /** `inherited`: a socket that listens there already, which is the worker's from now on. */
  | { readonly kind: 'granted'; readonly port: number; readonly inherited: number | undefined }
  | { readonly kind: 'refused'; readonly code: ListenError['code']; readonly message: string }

export interface ListenersState {
  readonly ready: boolean
  readonly bound: readonly {
    readonly listener: string
    readonly address: string
    readonly port: number
    readonly descriptor: number | undefined
  }[]
  readonly unbound: readonly UnboundListener[]
}

export interface WorkerReport {
  readonly counters: Counters
  readonly hosts: readonly HostNumbers[]
  readonly lost: { readonly lines: number; readonly spans: number }
  /** Of the calls since the last report. */
  readonly harvest: MetricsHarvest
}
