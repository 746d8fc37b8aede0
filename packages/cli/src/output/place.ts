import { relative, sep } from 'node:path'
import { originName, originPlace, type Origin } from '@mesh/core/origin'

/** A path as one would write it from here: relative, unless that only leads out and back in again. */
export function shownPath(path: string, cwd = process.cwd()): string {
  const short = relative(cwd, path)
  return short === '' ? '.' : short.startsWith('..') ? path : short
}

/** A sentence with the places in it, like `/somewhere/a.yaml:12:9`, as one would write them from here. */
export function shownSentence(text: string, cwd = process.cwd()): string {
  const below = cwd.endsWith(sep) ? cwd : cwd + sep
  return text.split(below).reduce((said, rest) => said + (isPlace(said, rest) ? '' : below) + rest)
}

/** Whether a path that begins here names a line of a file. */
function isPlace(before: string, rest: string): boolean {
  return /(?:^|[\s(])$/.test(before) && /^[^():]*:\d/.test(rest)
}

/** `config/reviews.yaml:12:9`, or the object's name when it came from no file. */
export function shownPlace(origin: Origin, cwd = process.cwd()): string {
  return originPlace(origin.file === undefined ? origin : { ...origin, file: shownPath(origin.file, cwd) })
}

/** `VirtualService default/reviews (config/reviews.yaml:12:9)`. */
export function shownOrigin(origin: Origin, cwd = process.cwd()): string {
  return origin.file === undefined ? originName(origin) : `${originName(origin)} (${shownPlace(origin, cwd)})`
}
