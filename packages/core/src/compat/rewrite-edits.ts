import { isAlias, isScalar, type Node, type Pair, type Scalar } from 'yaml'
import type { Rewrite } from '../config/fields/rewrite.ts'
import type { FoundPair } from './pair-at.ts'

/** A piece of a source that becomes another one. */
export interface TextEdit {
  readonly start: number
  readonly end: number
  readonly by: string
}

/** What is written, what it becomes, and the edits to the text for it; none where more than the field itself would change. */
export interface RewriteEdits {
  readonly from: string
  readonly to: string
  readonly edits: readonly TextEdit[]
}

export function rewriteEdits(found: FoundPair, rewrite: Rewrite, text: string): RewriteEdits {
  const written = sourceOf(found.key, text) + text.slice(endOf(found.key), startOf(found.value)) + sourceOf(found.value, text)
  if (rewrite.kind === 'value') return { from: sourceOf(found.value, text), to: rewrite.to, edits: valueEdits(found, rewrite.to) }
  if (rewrite.kind === 'remove' || hasField(found, rewrite.to)) return { from: written, to: '', edits: removeEdits(found, text) }
  const value = sourceOf(found.value, text)
  const to = rewrite.within === undefined ? value : `{${rewrite.within}: ${value}}`
  return { from: written, to: `${rewrite.to}: ${to}`, edits: renameEdits(found, rewrite, text) }
}

/** What others call by its anchor would change for them too. */
function valueEdits({ value, shared }: FoundPair, to: string): readonly TextEdit[] {
  if (shared || !(isScalar(value) || isAlias(value))) return []
  return [{ start: startOf(value), end: endOf(value), by: isScalar(value) ? quotedAs(value, to) : to }]
}

function renameEdits(found: FoundPair, { to, within }: Extract<Rewrite, { kind: 'rename' }>, text: string): readonly TextEdit[] {
  const { map, key, value } = found
  const name = { start: startOf(key), end: endOf(key), by: quotedAs(key, to) }
  if (within === undefined) return [name]
  const at = beginOfValue(found, text)
  if (at === undefined) return []
  const deeper = `${quotedAs(key, within)}: `
  if (map.flow !== true) return [name, { start: at - 1, end: at, by: `${newlineOf(text)}${' '.repeat(columnOf(key, text) + 2)}${deeper}` }]
  const end = { start: endOf(value), end: endOf(value), by: isAlias(value) ? ' }' : '}' }
  return [name, { start: at, end: at, by: `{${deeper}` }, end]
}

/** Where the value begins on the line of its key, anchor included; undefined where it is more than a short one. */
function beginOfValue({ key, value }: FoundPair, text: string): number | undefined {
  const between = /^\s*: +/.exec(text.slice(endOf(key), endOf(value)))?.[0]
  const isShort = isAlias(value) || isScalar(value) ? !text.slice(endOf(key), endOf(value)).includes('\n') : false
  return between === undefined || !isShort ? undefined : endOf(key) + between.length
}

function columnOf(node: Node, text: string): number {
  return startOf(node) - (text.lastIndexOf('\n', startOf(node) - 1) + 1)
}

function newlineOf(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n'
}

/** The only field of a map stays: without it the map would be another value. */
function removeEdits(found: FoundPair, text: string): readonly TextEdit[] {
  if (found.map.items.length < 2 || !isScalar(found.value)) return []
  return found.map.flow === true ? removeFromFlow(found) : removeFromBlock(found, text)
}

function removeFromFlow({ map, index, key, value }: FoundPair): readonly TextEdit[] {
  const pairs = map.items as Pair<Node, Node | null>[]
  const [before, after] = [pairs[index - 1], pairs[index + 1]]
  if (after !== undefined) return [{ start: startOf(key), end: startOf(after.key), by: '' }]
  return before === undefined ? [] : [{ start: endOf(before.value ?? before.key), end: endOf(value), by: '' }]
}

/** Whole lines go; a comment beside the field stays in its place. */
function removeFromBlock({ map, index, key, value }: FoundPair, text: string): readonly TextEdit[] {
  const lineStart = text.lastIndexOf('\n', startOf(key) - 1) + 1
  const newline = text.indexOf('\n', endOf(value))
  const lineEnd = newline < 0 ? text.length : newline + 1
  const beside = text.slice(endOf(value), lineEnd).trim()
  if (text.slice(lineStart, startOf(key)).trim() === '') {
    return beside === ''
      ? [{ start: lineStart, end: lineEnd, by: '' }]
      : [{ start: startOf(key), end: text.indexOf(beside, endOf(value)), by: '' }]
  }
  const next = (map.items as Pair<Node, Node | null>[])[index + 1]
  if (next === undefined || text.slice(endOf(value), startOf(next.key)).trim() !== '') return []
  return [{ start: startOf(key), end: startOf(next.key), by: '' }]
}

function hasField({ map }: FoundPair, name: string): boolean {
  return (map.items as Pair[]).some(({ key }) => isScalar(key) && key.value === name)
}

function quotedAs(like: Scalar, text: string): string {
  const quote = like.type === 'QUOTE_DOUBLE' ? '"' : like.type === 'QUOTE_SINGLE' ? "'" : ''
  return quote + text + quote
}

function sourceOf(node: Node, text: string): string {
  return text.slice(startOf(node), endOf(node))
}

function startOf(node: Node): number {
  return node.range?.[0] ?? 0
}

function endOf(node: Node): number {
  return node.range?.[1] ?? 0
}
