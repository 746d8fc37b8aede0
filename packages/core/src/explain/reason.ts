import type { Origin } from '../config/origin.ts'
import type { Reason } from '../engine/decision.ts'

/** A reason; parts that are not known stay away. */
export function reasonOf(stage: Reason['stage'], outcome: string, origin?: Origin, nearMisses?: Reason['nearMisses']): Reason {
  return {
    stage,
    outcome,
    ...(origin === undefined ? {} : { origin }),
    ...(nearMisses === undefined || nearMisses.length === 0 ? {} : { nearMisses }),
  }
}
