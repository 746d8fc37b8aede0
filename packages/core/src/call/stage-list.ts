import type { MeshError } from '../error/mesh-error.ts'
import type { Call } from './call.ts'
import type { ReplyStep, Stage, Step } from './stage.ts'

/** The hooks of a list of stages, each kind for itself in the order in which it runs: a call looks at no stage that has nothing to do. */
export interface StageList {
  readonly heads: readonly ((call: Call) => Step)[]
  readonly replyHeads: readonly WayBack<(call: Call) => ReplyStep>[]
  readonly failures: readonly WayBack<(call: Call, error: MeshError) => ReplyStep>[]
  readonly dones: readonly ((call: Call) => void)[]
}

/** A hook on the way back. */
export interface WayBack<Hook> {
  readonly run: Hook
  /** Where in `heads` a call goes on that this hook sends on its way again: behind its own stage. */
  readonly again: number
}

/** Decided once for each chain. */
export function compileStages(stages: readonly Stage[]): StageList {
  const heads: ((call: Call) => Step)[] = []
  const replyHeads: WayBack<(call: Call) => ReplyStep>[] = []
  const failures: WayBack<(call: Call, error: MeshError) => ReplyStep>[] = []
  const dones: ((call: Call) => void)[] = []
  for (const { onHead, onReplyHead, onFailure, onDone } of stages) {
    if (onHead !== undefined) heads.push(onHead)
    if (onReplyHead !== undefined) replyHeads.unshift({ run: onReplyHead, again: heads.length })
    if (onFailure !== undefined) failures.unshift({ run: onFailure, again: heads.length })
    if (onDone !== undefined) dones.push(onDone)
  }
  return { heads, replyHeads, failures, dones }
}
