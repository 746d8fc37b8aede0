import { regexFault } from '@mesh/core/engine'
import type { HeaderMatch } from '@mesh/core/view'
import { refuse } from './refusal.ts'

/** A regular expression that the engine would not run is refused where requests are routed by it. In a policy it stays, and denies. */
export function checkRegex(pattern: string, what: string): void {
  const fault = regexFault(pattern)
  if (fault !== undefined) refuse(`${what} ${fault.message}`)
}

export function checkMatch({ name, value }: { readonly name: string; readonly value: HeaderMatch['value'] }): void {
  if (value.kind === 'regex') checkRegex(value.value, `the match on ${name}`)
}
