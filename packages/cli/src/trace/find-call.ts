import { askAllRecords, type RecordAnswer } from '../records/ask-records.ts'
import type { Seen } from '../records/seen-record.ts'
import { CommandFailure, EXIT } from '../output/exit-code.ts'
import type { RunFile } from '../up/run-file.ts'
import { joinCalls, recordsOf, type CallNode } from './join-calls.ts'
import { missingParts } from './missing-parts.ts'
import { choiceText, forgottenText } from './not-found.ts'

/** All that the mesh remembers of one request. */
export interface FoundCall {
  readonly id: string
  readonly traceId: string | undefined
  /** More than one where somebody else began several calls of one trace. */
  readonly roots: readonly CallNode[]
  /** Sentences about what is not known. */
  readonly missing: readonly string[]
}

/** Finds a request by the beginning of its request id or trace id. Fails when there is none, or more than one. */
export async function findCall(run: RunFile, id: string): Promise<FoundCall> {
  const prefix = id.toLowerCase()
  if (!/^[\x21-\x7e]{3,128}$/.test(prefix))
    throw new CommandFailure(EXIT.usage, `"${id}" is no id: at least 3 characters of one are needed.`)
  const answers = await askAllRecords(run, { id: prefix })
  const found = answers.flatMap(seenIn)
  if (found.length === 0) throw new CommandFailure(EXIT.negative, forgottenText(id, answers))
  const { key, kind } = theOne(found, prefix)
  const own = found.filter(({ record }) => keyOf(record, kind) === key)
  const traceIds = [...new Set(own.flatMap(({ record }) => record.trace?.traceId ?? []))]
  const traced = await Promise.all(traceIds.slice(-MAX_TRACES).map((traceId) => askAllRecords(run, { id: traceId })))
  const all = unique([...own, ...traced.flat().flatMap(seenIn)])
  const roots = joinCalls(all).filter((root) => recordsOf(root).some((record) => keyOf(record, kind) === key))
  return { id: key, traceId: traceIds[0], roots, missing: missingParts({ run, roots, answers }) }
}

/** Traces whose records are looked for: a caller may send one request id again and again. */
const MAX_TRACES = 16

type IdKind = 'request' | 'trace'

function keyOf(record: Seen['record'], kind: IdKind): string | undefined {
  return kind === 'request' ? record.requestId : record.trace?.traceId
}

/** A request id goes before a trace id: one trace may hold several requests. */
function theOne(found: readonly Seen[], prefix: string): { readonly key: string; readonly kind: IdKind } {
  for (const kind of ['request', 'trace'] as const) {
    const keys = new Set(found.flatMap(({ record }) => keyOf(record, kind) ?? []).filter((key) => key.toLowerCase().startsWith(prefix)))
    const exact = [...keys].find((key) => key.toLowerCase() === prefix)
    const [first] = keys
    if (first !== undefined && (keys.size === 1 || exact !== undefined)) return { key: exact ?? first, kind }
    if (keys.size > 1)
      throw new CommandFailure(
        EXIT.negative,
        choiceText(prefix, found, (record) => keyOf(record, kind)),
      )
  }
  throw new CommandFailure(EXIT.negative, `No call with ${prefix} is known.`)
}

function seenIn(answer: RecordAnswer): readonly Seen[] {
  return answer.kind === 'page' ? answer.page.records.map((record) => ({ at: answer.at, record })) : []
}

function unique(seen: readonly Seen[]): readonly Seen[] {
  return [...new Map(seen.map((one) => [`${one.at.namespace}/${one.at.name} ${one.record.seq}`, one])).values()]
}
