import { stringify } from 'yaml'
import type { LocatedObject } from './locate.ts'

/** The text of an object alone, from its first field to its last, moved to the left margin. */
export function bareText(text: string, { place }: LocatedObject): string {
  const own = text.slice(place.start, place.end)
  return ended(outdent(own, columnOf(text, place.start)))
}

/** The text of an object as a document of its own, with the comments that stand in its document. */
export function documentText(text: string, object: LocatedObject): string {
  const { place } = object
  if (place.item !== undefined) return bareText(text, object)
  const head = text
    .slice(place.documentStart, place.start)
    .replace(/^---[ \t]*(#[^\n]*)?\r?\n/m, (_mark, comment?: string) => ended(comment ?? ''))
  if (/^(?:---|%)/m.test(head)) return bareText(text, object)
  return ended(`${head}${withoutEnd(text.slice(place.start, place.documentEnd))}`)
}

/** A value as YAML that readers of 1.1 and 1.2 understand alike. */
export function yamlText(value: unknown): string {
  return stringify(value, { version: '1.1', aliasDuplicateObjects: false, lineWidth: 0 })
}

/** Several texts as one stream of documents; empty ones are left out. */
export function joinDocuments(texts: readonly string[]): string {
  const [first = '', ...rest] = texts.filter((text) => text.trim() !== '')
  return rest.reduce((all, text) => `${ended(all)}${/^---[ \t]*\r?\n/.test(text) ? '' : '---\n'}${ended(text)}`, first)
}

/** How many characters stand before an offset in its line. */
export function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1)
}

/** Lines after the first begin further right. */
export function indented(text: string, by: number): string {
  return by === 0 ? text : text.replaceAll(/\n(?=[^\r\n])/g, `\n${' '.repeat(by)}`)
}

export function ended(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`
}

function outdent(text: string, by: number): string {
  return by === 0 ? text : text.replaceAll(new RegExp(`\\n {1,${by}}`, 'g'), '\n')
}

/** Without the mark that ends a document. */
function withoutEnd(text: string): string {
  return text.replace(/^\.\.\.[ \t]*\r?\n?[^]*$/m, '')
}
