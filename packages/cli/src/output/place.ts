import { relative } from 'node:path'
import { originName, originPlace, type Origin } from '@mesh/core/origin'

/** A path as one would write it from here: relative, unless that only leads out and back in again. */
export function shownPath(path: string, cwd = process.cwd()): string {
  const short = relative(cwd, path)
  return short === '' ? '.' : short.startsWith('..') ? path : short
}

/** `config/reviews.yaml:12:9`, or the object's name when it came from no file. */
export function shownPlace(origin: Origin, cwd = process.cwd()): string {
  return originPlace(origin.file === undefined ? origin : { ...origin, file: shownPath(origin.file, cwd) })
}

/** `VirtualService default/reviews (config/reviews.yaml:12:9)`. */
export function shownOrigin(origin: Origin, cwd = process.cwd()): string {
  return origin.file === undefined ? originName(origin) : `${originName(origin)} (${shownPlace(origin, cwd)})`
}
