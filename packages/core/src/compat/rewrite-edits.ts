import { isAlias, isCollection, isScalar, type Node, type Pair, type Scalar } from 'yaml'
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
  if (rewrite.kind === 'value') return { from: sourceOf(found.value, text), to: rewrite.to, edits: valueEdits(found.value, rewrite.to) }
  if (rewrite.kind === 'remove' || hasField(found, rewrite.to)) return { from: written, to: '', edits: removeEdits(found, text) }
  const edits = renameEdits(found, rewrite, text)
  return { from: written, to: appliedTo(written, startOf(found.key), edits), edits }
}

function valueEdits(value: Node, to: string): readonly TextEdit[] {
  if (!isScalar(value)) return []
  return [{ start: startOf(value), end: endOf(value), by: quotedAs(value, to) }]
}

function renameEdits({ key, value }: FoundPair, { to, within }: Extract<Rewrite, { kind: 'rename' }>, text: string): readonly TextEdit[] {
  const name = { start: startOf(key), end: endOf(key), by: quotedAs(key, to) }
  if (within === undefined) return [name]
  if (!fitsInFlow(value, text)) return []
  const open = { start: startOf(value), end: startOf(value), by: `{${quotedAs(key, within)}: ` }
  return [name, open, { start: endOf(value), end: endOf(value), by: isAlias(value) ? ' }' : '}' }]
}

/** Whether a value can stand between braces as it is written. */
function fitsInFlow(value: Node, text: string): boolean {
  if (isAlias(value)) return true
  if (value.anchor !== undefined || value.tag !== undefined) return false
  if (isScalar(value)) return value.type === 'PLAIN' ? !/[,[\]{}\n]/.test(sourceOf(value, text)) : value.type?.startsWith('QUOTE') === true
  return isCollection(value) && value.flow === true
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

function appliedTo(written: string, offset: number, edits: readonly TextEdit[]): string {
  return [...edits].reverse().reduce((text, { start, end, by }) => text.slice(0, start - offset) + by + text.slice(end - offset), written)
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
