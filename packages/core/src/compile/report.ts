import type { ConfigObject } from '../config/object.ts'
import { findingOf, type Finding } from '../config/finding.ts'

/** Takes what compiling a view found out about objects. */
export type Report = (finding: Finding) => void

export const NO_REPORT: Report = () => {}

/** Runs the part of compiling that one object is responsible for; what it throws hurts that object only. */
export function isolated<Result>(report: Report, object: ConfigObject, otherwise: Result, compile: () => Result): Result {
  try {
    return compile()
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    report(findingOf('MESH0901', { origin: object.origin, message: `Cannot be compiled and is left out: ${message}` }))
    return otherwise
  }
}
