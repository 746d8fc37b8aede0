/** Characters of a text of somebody else's that are told. */
const MAX_LENGTH = 200

/** A text of somebody else's, for a terminal or a log line: bounded, without control characters. */
export function printable(text: string): string {
  const bounded = text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text
  return bounded.replace(UNPRINTABLE, (char) => `\\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`)
}

/** Controls, line and paragraph ends, what turns the direction of writing, and halves of characters. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu
