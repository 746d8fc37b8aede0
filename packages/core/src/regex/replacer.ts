import { RE2JS } from 're2js'
import { REGEX_LIMITS } from './limits.ts'
import { regexFault } from './regex-fault.ts'

/** Replaces every match in a text; undefined when that is more work than one decision may take, or longer than any path. */
export type Replacer = (text: string, replace: (groups: readonly (string | undefined)[]) => string) => string | undefined

/** Compiles a search; undefined when the expression is none or too large. `replace` gets the whole match, then its groups. */
export function compileReplacer(pattern: string): Replacer | undefined {
  if (regexFault(pattern) !== undefined) return undefined
  const compiled = RE2JS.compile(pattern)
  const groups = compiled.groupCount()
  // A search may read on to the end, and remembers the groups of each place.
  const stepsPerChar = compiled.programSize() * (groups + 1)
  return (text, replace) => {
    const search = compiled.matcher(text)
    let steps = REGEX_LIMITS.decisionSteps
    let out = ''
    let at = 0
    for (;;) {
      steps -= stepsPerChar * (text.length - at + 1)
      if (steps < 0) return undefined
      if (!search.find()) return out + text.slice(at)
      const matched = Array.from({ length: groups + 1 }, (_, group) => search.group(group) ?? undefined)
      out += text.slice(at, search.start()) + replace(matched)
      if (out.length > REGEX_LIMITS.replacedChars) return undefined
      at = search.end()
    }
  }
}
