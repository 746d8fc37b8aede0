import { loadSource, type ConfigSource } from '../config/load.ts'
import { readDocuments, type ReadText } from '../config/read/read-documents.ts'
import { oldSpellings, type OldSpelling } from './old-spellings.ts'

/** One old spelling, and what it became. */
export interface MendChange {
  readonly line: number
  readonly column: number
  /** `VirtualService default/reviews spec.http[0].fault.delay.percent`. */
  readonly what: string
  readonly from: string
  /** Empty where the field went. */
  readonly to: string
}

export interface Mended {
  readonly text: string
  readonly changes: readonly MendChange[]
  /** Old spellings that stay, since the text around them does not allow to change them alone. */
  readonly kept: readonly MendChange[]
}

/**
 * The same configuration in the spellings of today: apiVersions, and what IST0002 tells. Comments, order and layout stay.
 * What cannot be read is left as it is, and mending what was mended changes nothing.
 */
export function mendSource(source: ConfigSource): Mended {
  const read = readDocuments(source.text)
  const documents = read.documents.map(({ node }) => (node === undefined || node === null ? [] : oldSpellings(node, read)))
  const possible = documents.map((spellings) => spellings.filter(({ edits }) => edits.length > 0)).filter((some) => some.length > 0)
  const changed = new Set(harmless(source.text, possible))
  const told = (is: boolean): readonly MendChange[] =>
    documents.flatMap((spellings) => spellings.filter((one) => changed.has(one) === is).map((one) => changeOf(one, read)))
  return { text: applied(source.text, [...changed]), changes: told(true), kept: told(false) }
}

function changeOf({ at, what, from, to }: OldSpelling, read: ReadText): MendChange {
  const [line, column] = read.placeOf(at)
  return { line, column, what, from, to }
}

/** Those changes after which the text holds the same objects and no new mistakes: mostly all, else those of documents that do no harm. */
function harmless(text: string, documents: readonly (readonly OldSpelling[])[]): readonly OldSpelling[] {
  const before = outline(text)
  if (documents.length === 0 || outline(applied(text, documents.flat())) === before) return documents.flat()
  if (documents.length * text.length > MAX_TRIED_CHARS) return []
  return documents.filter((spellings) => outline(applied(text, spellings)) === before).flat()
}

/** How much text is read again to find the document that must stay. */
const MAX_TRIED_CHARS = 64 * 1024 * 1024

/** Two objects that share a piece of text by an alias ask for the same edit. */
function applied(text: string, spellings: readonly OldSpelling[]): string {
  const edits = spellings.flatMap((one) => one.edits).sort((left, right) => left.start - right.start || left.end - right.end)
  let result = ''
  let at = 0
  let last = ''
  for (const { start, end, by } of edits) {
    const key = `${start} ${end} ${by}`
    if (key === last) continue
    result += text.slice(at, start) + by
    at = end
    last = key
  }
  return result + text.slice(at)
}

function outline(text: string): string {
  const { objects, findings, broken } = loadSource({ file: '', text })
  const errors = findings.filter(({ severity }) => severity === 'error').length
  return JSON.stringify([objects.map(({ kind, meta }) => [kind, meta]), errors, broken.length])
}
