import type { SeenRecord } from '../records/seen-record.ts'
import { calledName } from '../records/record-words.ts'
import type { ShortNames } from '../records/short-names.ts'
import type { CallNode } from './join-calls.ts'

/** What is to be told of a place on the way. */
export interface NodeFacts {
  readonly name: string
  readonly ms: number
  readonly method: string
  readonly path: string
  readonly protocol: SeenRecord['protocol']
  /** As the caller saw it. */
  readonly status: number
  readonly flags: readonly string[]
  /** It was answered before it was sent. */
  readonly unsent: boolean
  readonly tries: number
  readonly trouble: SeenRecord['trouble']
  /** The record that decided: of the caller's side where its proxy answered, else of the place itself. */
  readonly decided: SeenRecord
}

/** The caller's record and that of the place, as one. */
export function factsOf(node: CallNode, names: ShortNames): NodeFacts {
  const sent = node.sent?.record
  const came = node.came?.record
  const record = came ?? sent
  if (record === undefined) throw new Error('a place without a record')
  const decided = sent?.madeHere === true ? sent : record
  return {
    name: node.came === undefined ? calledName(record, names) : names.workload(record.self.workload),
    ms: record.durationMs,
    method: record.method,
    path: record.path,
    protocol: record.protocol,
    status: decided.status,
    flags: [...new Set([...(sent?.flags ?? []), ...decided.flags])],
    unsent: sent !== undefined && sent.attempts === 0,
    tries: sent?.attempts ?? 1,
    trouble: troubleIn(node, sent, came),
    decided,
  }
}

/** An error goes before a warning; what the next place is told of is not told of the beginning. */
function troubleIn({ children }: CallNode, sent: SeenRecord | undefined, came: SeenRecord | undefined): SeenRecord['trouble'] {
  if (sent === undefined && came?.reporter === 'source' && children.length > 0) return undefined
  const all = [sent?.trouble, came?.trouble].filter((one) => one !== undefined)
  return all.find(({ severity }) => severity === 'error') ?? all[0]
}
