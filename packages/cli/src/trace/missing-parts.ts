import type { RecordAnswer } from '../records/ask-records.ts'
import { endMs, type SeenRecord } from '../records/seen-record.ts'
import type { RunFile, RunningWorkload } from '../up/run-file.ts'
import { clockText } from '../records/clock-text.ts'
import type { CallNode } from './join-calls.ts'

export interface Told {
  readonly run: RunFile
  readonly roots: readonly CallNode[]
  readonly answers: readonly RecordAnswer[]
}

/** Which parts of the way are not known, and why; a sentence each. */
export function missingParts({ run, roots, answers }: Told): readonly string[] {
  const silent = answers.flatMap((answer) =>
    answer.kind === 'silent' ? [`What passed ${answer.at.name} is not known. ${answer.why}`] : [],
  )
  const gaps = roots.flatMap((root) => [...beginningGap(root, run, answers), ...gapsBelow(root, run, answers)])
  return [...new Set([...silent, ...gaps])]
}

function gapsBelow(node: CallNode, run: RunFile, answers: readonly RecordAnswer[]): readonly string[] {
  const { sent, came, children } = node
  const below = children.flatMap((child) => gapsBelow(child, run, answers))
  if (sent === undefined || came !== undefined || !arrived(sent.record)) return below
  const place = workloadAt(run, sent.record.upstreamRemote)
  return place === undefined ? below : [...whyMissing(place, sent.record, answers), ...below]
}

/** A call that arrived from a workload of the mesh has a record there too. */
function beginningGap({ sent, came }: CallNode, run: RunFile, answers: readonly RecordAnswer[]): readonly string[] {
  if (sent !== undefined || came?.record.reporter !== 'destination') return []
  const caller = workloadAt(run, came.record.downstreamRemote)
  return caller === undefined ? [] : whyMissing(caller, came.record, answers)
}

/** The upstream answered, or took its time. */
function arrived({ attempts, madeHere, flags }: SeenRecord): boolean {
  return attempts > 0 && (!madeHere || flags.includes('UT'))
}

function whyMissing(place: RunningWorkload, record: SeenRecord, answers: readonly RecordAnswer[]): readonly string[] {
  const answer = answers.find(({ at }) => at.name === place.name && at.namespace === place.namespace)
  if (answer?.kind !== 'page') return []
  const { startedMs, oldestMs, first } = answer.page
  if (startedMs > endMs(record)) return [`The part of ${place.name} is missing: its proxy was started since, at ${clockText(startedMs)}.`]
  if (first > 1 && (oldestMs ?? Number.POSITIVE_INFINITY) > endMs(record)) {
    const since = oldestMs === undefined ? '' : `, which go back to ${clockText(oldestMs)}`
    return [`The part of ${place.name} is missing: its proxy has forgotten it and remembers only its last calls${since}.`]
  }
  return [`The part of ${place.name} is missing: the call is not over there, or never came.`]
}

/** The workload with a proxy at `ip:port`. */
function workloadAt({ workloads }: RunFile, place: string | undefined): RunningWorkload | undefined {
  const address = place?.slice(0, place.lastIndexOf(':'))
  return workloads.find((one) => one.proxy !== null && one.address === address)
}
