import type { Node } from 'yaml'
import type { LocatedObject } from './locate.ts'
import { columnOf, ended, indented, yamlText } from './object-text.ts'
import { firstGood, type Edited } from './verify.ts'

/** What an object is to be: its value, and how that is best written. */
export interface Replacement {
  readonly text: string
  readonly value: unknown
}

/** Puts an object in the place of another one; neighbours and the comments around it stay as they are. */
export function replaceObject(text: string, object: LocatedObject, { text: written, value }: Replacement): Edited {
  const { start, end } = object.place
  const column = columnOf(text, start)
  const before = text.slice(0, start)
  const after = text.slice(end)
  const put = (body: string): string => {
    const line = text[end - 1] === '\n' ? ended(body) : body.trimEnd()
    return `${before}${indented(line, column)}${after}`
  }
  const json = [() => put(JSON.stringify(value, undefined, 2)), () => put(JSON.stringify(value))]
  const yaml = [() => put(written), () => put(yamlText(value))]
  return firstGood(text, { object, value }, isJson(text) ? json : [...yaml, ...json])
}

/** Takes an object out, with the comment that stands right above it. */
export function removeObject(text: string, object: LocatedObject): Edited {
  const { item } = object.place
  const way = item === undefined || item.all.length === 1 ? withoutDocument : item.flow ? withoutFlowItem : withoutBlockItem
  return firstGood(text, { object, value: undefined }, [() => way(text, object)])
}

function withoutDocument(text: string, { place }: LocatedObject): string {
  const { documentStart, documentEnd } = place
  const own = text.slice(documentStart, documentEnd)
  const mark = /^---[ \t]*\r?\n/.exec(own)?.[0].length ?? 0
  const contentStart = place.item === undefined ? place.start : documentEnd
  const kept = apart(text.slice(documentStart + mark, contentStart))
  const before = `${text.slice(0, documentStart)}${kept}`
  const after = text.slice(documentEnd)
  // What now comes first needs no mark, unless one stood at the beginning all along.
  return before === '' && mark === 0 ? after.replace(/^---[ \t]*\r?\n/, '') : `${before}${after}`
}

/** Comments that an empty line parts from what follows them. */
function apart(comments: string): string {
  const gap = /^[^]*\n[ \t]*\r?\n/.exec(comments)?.[0] ?? ''
  return gap.includes('#') ? gap : ''
}

function withoutBlockItem(text: string, { place }: LocatedObject): string | undefined {
  const line = text.lastIndexOf('\n', place.start - 1) + 1
  if (!/^[ \t]*-[ \t]+$/.test(text.slice(line, place.start))) return undefined
  return `${text.slice(0, aboveComments(text, line))}${text.slice(place.end).replace(text[place.end - 1] === '\n' ? '' : /^[ \t]*\r?\n/, '')}`
}

/** Where the comments begin that stand right above a line. */
function aboveComments(text: string, line: number): number {
  let above = line
  while (above > 0) {
    const before = text.lastIndexOf('\n', above - 2) + 1
    if (!/^[ \t]*#/.test(text.slice(before, above))) break
    above = before
  }
  return above
}

function withoutFlowItem(text: string, { place }: LocatedObject): string | undefined {
  const { all = [], index = 0 } = place.item ?? {}
  const next = startOf(all[index + 1])
  if (next !== undefined) return `${text.slice(0, place.start)}${text.slice(next)}`
  const previous = endOf(all[index - 1])
  return previous === undefined ? undefined : `${text.slice(0, previous)}${text.slice(place.end)}`
}

function startOf(node: Node | undefined): number | undefined {
  return node?.range?.[0]
}

function endOf(node: Node | undefined): number | undefined {
  return node?.range?.[1]
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
