import { open } from 'node:fs/promises'
import { sep } from 'node:path'
import type { ConfigSource } from '@mesh/core/config'
import { LIMITS, SETTLE_MS } from './limits.ts'
import { codeOf, isGone } from './fs-code.ts'
import { several } from './several.ts'
import type { FoundFile, Walk } from './walk-directory.ts'

/** The texts of files, read anew only when they may have changed. */
export interface FileTexts {
  /**
   * What the files of a walk say. What is there and cannot be read, or not even be looked at, says what it said before, and so does
   * a directory that has gone as a whole: a policy must not go because something is missing. A problem tells of each.
   */
  read(walk: Walk): Promise<{ readonly sources: readonly ConfigSource[]; readonly problems: readonly string[] }>
}

interface Known {
  readonly text: string
  /** Undefined when it was read so soon after a change that another one would not show. */
  readonly stamp: string | undefined
}

/** `now` is Unix milliseconds. */
export function createFileTexts(now: () => number = Date.now): FileTexts {
  let known: ReadonlyMap<string, Known> = new Map()
  return {
    read: async (walk) => {
      if (walk.gone && known.size > 0)
        return { sources: sourcesOf(known), problems: [`${walk.root} has gone; what it said before stays in force`] }
      const before = known
      const files = withTotals(walk.files)
      const texts = await several(files, (file) => textOf(file, before.get(file.path), now()))
      const next = new Map<string, Known>()
      for (const [path, one] of before) if (isWithin(path, walk.unknown)) next.set(path, one)
      for (const [index, { path }] of files.entries()) {
        const one = texts[index]?.known ?? (texts[index]?.problem === undefined ? undefined : before.get(path))
        if (one !== undefined) next.set(path, one)
      }
      known = next
      return { sources: sourcesOf(known), problems: texts.flatMap(({ problem }) => problem ?? []) }
    },
  }
}

interface Sized extends FoundFile {
  /** Of this file and those before it. */
  readonly total: number
}

function withTotals(files: readonly FoundFile[]): readonly Sized[] {
  let total = 0
  return files.map((file) => ({ ...file, total: (total += Math.min(file.bytes, LIMITS.maxFileBytes)) }))
}

/** What a file says, or why that is not known; neither when it has gone. */
async function textOf(
  file: Sized,
  before: Known | undefined,
  nowMs: number,
): Promise<{ readonly known?: Known; readonly problem?: string }> {
  const { path, stamp, changedAtMs } = file
  if (before?.stamp === stamp) return { known: before }
  const refused = (what: string) => ({ problem: `${path} ${what}${before === undefined ? '' : '; what it said before stays in force'}` })
  if (file.bytes > LIMITS.maxFileBytes) return refused(TOO_LARGE)
  if (file.total > LIMITS.maxBytes) return refused(`is not read: all files together have more than ${LIMITS.maxBytes} bytes`)
  try {
    const text = await boundedText(file)
    return text === undefined ? refused(TOO_LARGE) : { known: { text, stamp: nowMs - changedAtMs > SETTLE_MS ? stamp : undefined } }
  } catch (error) {
    return isGone(error) ? {} : refused(`cannot be read: ${codeOf(error)}`)
  }
}

const TOO_LARGE = `is larger than ${LIMITS.maxFileBytes} bytes and is not read`

/** A file may grow while it is read, and some have no size at all. */
async function boundedText({ path, bytes: expected }: FoundFile): Promise<string | undefined> {
  const file = await open(path)
  try {
    const pieces: Buffer[] = []
    for (let bytes = 0; bytes <= LIMITS.maxFileBytes;) {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(Math.max(expected, LEAST_PIECE)))
      if (bytesRead === 0) return Buffer.concat(pieces).toString()
      pieces.push(buffer.subarray(0, bytesRead))
      bytes += bytesRead
    }
    return undefined
  } finally {
    await file.close()
  }
}

const LEAST_PIECE = 4096

function isWithin(path: string, places: readonly string[]): boolean {
  return places.some((place) => path === place || path.startsWith(`${place}${sep}`))
}

function sourcesOf(known: ReadonlyMap<string, Known>): ConfigSource[] {
  return [...known].map(([file, { text }]) => ({ file, text })).sort((left, right) => (left.file < right.file ? -1 : 1))
}
