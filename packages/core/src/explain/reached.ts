import type { PlainHead } from '../call/plain-head.ts'
import type { Reason } from '../engine/decision.ts'
import type { ClusterState } from '../engine/engine.ts'
import type { Endpoint } from '../view/cluster.ts'
import type { Question } from './question.ts'

/** A cluster that a question arrives at, with the head as it would arrive. */
export interface Reached {
  readonly question: Question
  readonly cluster: ClusterState
  readonly head: PlainHead
  readonly reasons: Reason[]
}

/** `127.64.0.5:9080 (reviews-v1)`. */
export function placeOf({ address, port, workload }: Endpoint): string {
  const host = address.includes(':') ? `[${address}]` : address
  return `${host}:${port}${workload === undefined ? '' : ` (${workload.workload})`}`
}
