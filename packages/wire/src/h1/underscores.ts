import type { MessageHead } from './message-head.ts'

/**
 * Header lines whose name holds an underscore: a CGI-like server cannot tell `x_forwarded_for` from `x-forwarded-for`.
 * Answers how many there are that no edit took out; `drop` takes them out.
 */
export function underscored(head: MessageHead, drop: boolean): number {
  const { lines } = head
  let found = 0
  for (let line = 0; line < lines.count; line++) {
    // No well-known name holds one.
    if (lines.ids[line] !== 0 || lines.dropped[line] !== 0 || !holdsUnderscore(head, line)) continue
    found++
    if (drop) lines.dropped[line] = 1
  }
  return found
}

function holdsUnderscore({ bytes, lines }: MessageHead, line: number): boolean {
  const end = lines.nameEnd(line)
  for (let at = lines.nameStart(line); at < end; at++) if (bytes[at] === UNDERSCORE) return true
  return false
}

const UNDERSCORE = 95
