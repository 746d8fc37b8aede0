import { RE2JS } from 're2js'
import { LIMITS } from '../limits.ts'

export type TextTest = (text: string) => boolean

/**
 * Compiles an RE2 pattern that must match the whole text, in linear time.
 * Undefined when the pattern is no RE2 or too long; the caller decides what that means for it.
 */
export function compileRegex(pattern: string): TextTest | undefined {
  const plain = plainForm(pattern)
  if (plain !== undefined) return plain
  const compiled = parseRegex(pattern)
  return compiled === undefined ? undefined : (text) => compiled.testExact(text)
}

/** The pattern as RE2 sees it, or undefined when it is none. */
export function parseRegex(pattern: string): RE2JS | undefined {
  if (pattern.length > LIMITS.regexLength) return undefined
  try {
    return RE2JS.compile(pattern)
  } catch {
    return undefined
  }
}

/** Patterns that need no machine: a literal, `.*`, `literal.*` and `.*literal.*`. */
function plainForm(pattern: string): TextTest | undefined {
  const match = /^(\.\*)?([A-Za-z0-9 _/:,;=@~&%<>!"'#-]*)(\.[*+])?$/.exec(pattern)
  if (match === null || pattern.length > LIMITS.regexLength) return undefined
  const [, before, literal = '', after] = match
  if (before === undefined && after === undefined) return (text) => text === literal
  if (after === '.+') return before === undefined ? startsAndGoesOn(literal) : undefined
  if (before === undefined) return (text) => text.startsWith(literal) && isOneLine(text)
  if (after === undefined) return (text) => text.endsWith(literal) && isOneLine(text)
  return (text) => text.includes(literal) && isOneLine(text)
}

function startsAndGoesOn(literal: string): TextTest {
  return (text) => text.length > literal.length && text.startsWith(literal) && isOneLine(text)
}

/** `.` does not match a line feed. */
function isOneLine(text: string): boolean {
  return !text.includes('\n')
}
