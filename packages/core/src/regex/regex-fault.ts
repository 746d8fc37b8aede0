import { RE2Set } from 're2js'
import { REGEX_LIMITS } from './limits.ts'
import { regexSize } from './regex-size.ts'

/** Why an expression is refused, and what to write instead. */
export interface RegexFault {
  /** Follows the name of the field: `is ...`. */
  readonly message: string
  readonly fix: string
}

/** What is wrong with an expression; undefined when it can be compiled within the bounds. Parses, and does not compile. */
export function regexFault(pattern: string): RegexFault | undefined {
  const { patternChars, patternSize } = REGEX_LIMITS
  if (pattern.length > patternChars) {
    return { message: `is a regular expression of ${pattern.length} characters; at most ${patternChars} are taken`, fix: SHORTER }
  }
  const size = regexSize(pattern)
  if (size > patternSize) {
    const message = `is a regular expression whose program has about ${Math.ceil(size)} instructions; at most ${patternSize} are taken`
    return { message, fix: SMALLER }
  }
  return syntaxFault(pattern)
}

const SHORTER = 'Write `prefix` or `exact`, or several matches.'
const SMALLER = 'Counted repetitions multiply: write `*` or `+` for `{n,m}`, or lower the numbers.'

function syntaxFault(pattern: string): RegexFault | undefined {
  try {
    new RE2Set(RE2Set.ANCHOR_BOTH).add(pattern)
    return undefined
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unreadable'
    return { message: `is not a regular expression in RE2's syntax: ${why}`, fix: 'RE2 knows no look-around and no back-references.' }
  }
}
