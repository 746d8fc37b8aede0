import { PLACE } from './program.ts'

/** What stands before a place, as far as assertions ask. */
export const AT_BEGIN = 0
export const BEHIND_OTHER = 1
export const BEHIND_NEWLINE = 2
export const BEHIND_WORD = 3
/** Stands for the end of the text where a code point is asked for. */
export const END = -1
/** What every assertion asks for at once. */
export const EVERYWHERE = 0xff

/** What the code point in front of a place leaves behind. */
export function behind(rune: number): number {
  if (rune === 10) return BEHIND_NEWLINE
  return isWord(rune) ? BEHIND_WORD : BEHIND_OTHER
}

/** What is true between what stands before and the next code point. */
export function placeBetween(before: number, rune: number): number {
  let place = (before === BEHIND_WORD) === isWord(rune) ? PLACE.noWordEdge : PLACE.wordEdge
  if (before === AT_BEGIN) place |= PLACE.textBegin | PLACE.lineBegin
  if (before === BEHIND_NEWLINE) place |= PLACE.lineBegin
  if (rune === END) place |= PLACE.textEnd | PLACE.lineEnd
  if (rune === 10) place |= PLACE.lineEnd
  return place
}

/** RE2's `\w`: ASCII alone. */
function isWord(rune: number): boolean {
  return (rune >= 48 && rune <= 57) || (rune >= 65 && rune <= 90) || rune === 95 || (rune >= 97 && rune <= 122)
}
