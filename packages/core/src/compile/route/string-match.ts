import type { StringMatch } from '../../view/match.ts'
import type { StringMatchBody } from '../bodies.ts'

/** Istio `StringMatch` as a matcher; undefined when it asks only for presence. */
export function stringMatch(body: StringMatchBody): StringMatch | undefined {
  if (body.exact !== undefined) return { kind: 'exact', value: body.exact }
  if (body.prefix !== undefined) return { kind: 'prefix', value: body.prefix }
  if (body.regex !== undefined) return { kind: 'regex', value: body.regex }
  return undefined
}
