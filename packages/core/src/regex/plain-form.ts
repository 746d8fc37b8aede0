/** Tells of a text whether it matches. */
export type TextTest = (text: string) => boolean

/** Expressions that need no machine: a literal, `.*`, `literal.*` and `.*literal.*`. Undefined for all others. */
export function plainForm(pattern: string): TextTest | undefined {
  const match = /^(\.\*)?([A-Za-z0-9 _/:,;=@~&%<>!"'#-]*)(\.[*+])?$/.exec(pattern)
  if (match === null) return undefined
  const [, before, literal = '', after] = match
  if (before === undefined && after === undefined) return (text) => text === literal
  if (after === '.+') return before === undefined ? startsAndGoesOn(literal) : undefined
  if (before === undefined) return (text) => text.startsWith(literal) && isOneLine(text)
  if (after === undefined) return (text) => text.endsWith(literal) && isOneLine(text)
  return (text) => text.includes(literal) && isOneLine(text)
}

/** What every text begins with that the expression takes; empty where that cannot be seen at a glance. */
export function literalPrefix(pattern: string): string {
  const [begin = '', literal = ''] = /^\^?([A-Za-z0-9 _/:,;=@~&%<>!"'#-]*)/.exec(pattern) ?? []
  if (literal === '' || hasAlternatives(pattern)) return ''
  // A repetition, also one behind flags, means the last character alone.
  return /^(?:[*+?{]|\(\?)/.test(pattern.slice(begin.length)) ? literal.slice(0, -1) : literal
}

/** Whether `|` stands outside all groups, or may: in doubt yes. */
function hasAlternatives(pattern: string): boolean {
  if (!pattern.includes('|')) return false
  if (pattern.includes('\\Q')) return true
  let depth = 0
  for (const char of pattern.replace(/\\./gsu, '').replace(/\[[^\]]*\]/g, '')) {
    if (char === '(') depth++
    else if (char === ')') depth--
    else if (char === '|' && depth <= 0) return true
  }
  return false
}

function startsAndGoesOn(literal: string): TextTest {
  return (text) => text.length > literal.length && text.startsWith(literal) && isOneLine(text)
}

/** `.` does not match a line feed. */
function isOneLine(text: string): boolean {
  return !text.includes('\n')
}
