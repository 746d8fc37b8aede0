import type { CompatEntry, CompatPlace } from '@mesh/core/compat'
import { whereToRead } from '../output/finding-line.ts'
import { shownPath, shownSentence } from '../output/place.ts'
import { paint } from '../output/print.ts'
import { formatTable } from '../output/table.ts'
import { safeLine } from '../output/terminal-safe.ts'
import type { KindCounts, UseCounts } from './count-uses.ts'

/** What is told of a configuration. */
export interface CompatSummary extends UseCounts {
  readonly files: number
  readonly objects: number
  readonly kinds: readonly KindCounts[]
  readonly entries: readonly CompatEntry[]
}

export interface CompatTextOptions {
  /** Tells what simply works, and what needs nothing. */
  readonly all: boolean
  readonly cwd: string
}

/** A table of the kinds, then each field that does not simply work with why and where, then one line about all. */
export function compatText(summary: CompatSummary, { all, cwd }: CompatTextOptions): string {
  const told = summary.entries.filter(({ code, quiet }) => all || (code !== undefined && quiet !== true))
  const blocks = [kindTable(summary.kinds), ...told.map((entry) => entryText(entry, all, cwd)), verdict(summary)]
  return blocks.filter((block) => block !== '').join('\n\n')
}

function kindTable(kinds: readonly KindCounts[]): string {
  if (kinds.length === 0) return ''
  const rows = kinds.map(({ kind, works, ignored, refused, idle }) => [safeLine(kind), ...[works, ignored, refused, idle].map(String)])
  return formatTable(['KIND', 'WORKS', 'IGNORED', 'REFUSED', 'NEEDS NOTHING'], rows)
}

function entryText(entry: CompatEntry, all: boolean, cwd: string): string {
  const { kind, field, effect, places, message, fix, code, quiet } = entry
  const word = quiet === true ? 'needs nothing' : effect
  const head = [paint(COLOURS[effect], word), safeLine(kind), safeLine(field), places.length === 1 ? '' : `${places.length} times`]
  const why = [message, fix].flatMap((part) => (part === undefined ? [] : [safeLine(shownSentence(part, cwd))]))
  if (code !== undefined) why.push(whereToRead(code, cwd) ?? code)
  return [
    `${head.filter((part) => part !== '').join(' ')}${why.length === 0 ? '' : `: ${why.join(' ')}`}`,
    ...placeLines(places, all, cwd),
  ].join('\n')
}

function placeLines(places: readonly CompatPlace[], all: boolean, cwd: string): readonly string[] {
  const shown = all ? places : places.slice(0, MAX_PLACES)
  const lines = shown.map((place) =>
    safeLine(`  ${placeText(place, cwd)}${place.message === undefined ? '' : ` ${shownSentence(place.message, cwd)}`}`),
  )
  return shown.length === places.length ? lines : [...lines, `  ... and ${places.length - shown.length} more (--all)`]
}

const MAX_PLACES = 5

function placeText({ object, file, line, column }: CompatPlace, cwd: string): string {
  if (file === undefined) return object
  return `${[shownPath(file, cwd), line, column].filter((part) => part !== undefined).join(':')} ${object}`.trimEnd()
}

function verdict({ files, objects, works, ignored, refused }: CompatSummary): string {
  const word =
    refused > 0 ? paint('red', 'not all is taken') : ignored > 0 ? paint('yellow', 'taken in part') : paint('green', 'all is taken')
  const counts = `uses of fields: ${works} work, ${ignored} ignored, ${refused} refused`
  return `${word}: ${number(objects, 'good object')} in ${number(files, 'file')}; ${counts}`
}

function number(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

const COLOURS = { refused: 'red', ignored: 'yellow', works: 'green' } as const
