import { loadSource, type ConfigSource } from '../config/load.ts'
import { readDocuments, type ReadDocument, type ReadText } from '../config/read/read-documents.ts'
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
  const parts = read.documents.map((document) => mendDocument(document, read))
  const before = source.text.slice(0, read.documents[0]?.offset ?? source.text.length)
  return {
    text: before + parts.map((part) => part.text).join(''),
    changes: parts.flatMap((part) => part.changes),
    kept: parts.flatMap((part) => part.kept),
  }
}

function mendDocument(document: ReadDocument, read: ReadText): Mended {
  const spellings = document.node === undefined || document.node === null ? [] : oldSpellings(document.node, read)
  const told = ({ at, what, from, to }: OldSpelling): MendChange => {
    const [line, column] = read.placeOf(at)
    return { line, column, what, from, to }
  }
  const mended = spellings.filter(({ edits }) => edits.length > 0)
  const text = applied(document, mended)
  if (!saysTheSame(document.text, text)) return { text: document.text, changes: [], kept: spellings.map(told) }
  return { text, changes: mended.map(told), kept: spellings.filter(({ edits }) => edits.length === 0).map(told) }
}

/** Two objects that share a piece of text by an alias ask for the same edit. */
function applied({ text, offset }: ReadDocument, spellings: readonly OldSpelling[]): string {
  const edits = spellings.flatMap((one) => one.edits).sort((left, right) => left.start - right.start || left.end - right.end)
  let result = ''
  let at = 0
  let last = ''
  for (const { start, end, by } of edits) {
    const key = `${start} ${end} ${by}`
    if (key !== last) result += text.slice(at, start - offset) + by
    if (key !== last) at = Math.max(at, end - offset)
    last = key
  }
  return result + text.slice(at)
}

/** A document that was mended holds the same objects, and no new mistakes. */
function saysTheSame(before: string, after: string): boolean {
  return before === after || outline(before) === outline(after)
}

function outline(text: string): string {
  const { objects, findings, broken } = loadSource({ file: '', text })
  const errors = findings.filter(({ severity }) => severity === 'error').length
  return JSON.stringify([objects.map(({ kind, meta }) => [kind, meta]), errors, broken.length])
}
