import type { z } from 'zod'
import { CONFIG_LIMITS } from '../limits.ts'
import { nearest } from './nearest.ts'
import { fieldsAt } from './fields-at.ts'

/** What a schema issue says to a person: where, what is wrong, what to write. */
export interface IssueText {
  readonly path: readonly (string | number)[]
  readonly message: string
  readonly fix?: string
}

export interface IssueContext {
  readonly schema: z.ZodType
  readonly value: unknown
  /** Values must not appear in findings. */
  readonly secret: boolean
}

/** The findings' words for one zod issue; several for several unknown fields. */
export function issueTexts(issue: z.core.$ZodIssue, context: IssueContext): readonly IssueText[] {
  const path = issue.path.filter((part): part is string | number => typeof part !== 'symbol')
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownField([...path, key], fieldsAt(context.schema, path)))
  const name = quote(fieldName(path))
  const value = valueAt(context.value, path)
  const shown =
    context.secret || typeof value === 'object' || value === undefined
      ? ''
      : ` (it is ${JSON.stringify(typeof value === 'string' ? clip(value) : value)})`
  switch (issue.code) {
    case 'invalid_type':
      if (value !== undefined && !issue.message.startsWith('Invalid input')) return [{ path, message: `${name} ${issue.message}${shown}.` }]
      return [value === undefined ? missing(path) : wrongType(path, name, issue.expected, value, context.secret)]
    case 'invalid_value':
      return [value === undefined ? missing(path) : wrongChoice(path, name, issue.values.map(String), shown, value)]
    case 'too_small':
      return [{ path, message: `${name} must ${bound(issue.origin, 'at least', issue.minimum)}${shown}.` }]
    case 'too_big':
      return [{ path, message: `${name} must ${bound(issue.origin, 'at most', issue.maximum)}${shown}.` }]
    case 'invalid_key':
      return [{ path, message: `${name} ${issue.issues[0]?.message ?? 'is not a key that can stand here'}.` }]
    case 'invalid_format':
      return [{ path, message: `${name} ${issue.message.startsWith('is ') ? issue.message : `is not ${issue.format}`}${shown}.` }]
    default:
      return [{ path, message: `${name} ${issue.message}${shown}.`, ...fixOf(issue) }]
  }
}

/** The last part of the path is no field; what is known in its place tells what may have been meant. */
export function unknownField(path: readonly (string | number)[], known: readonly string[]): IssueText {
  const key = String(path.at(-1))
  const near = nearest(key, known)
  const fix = near !== undefined ? `Write \`${near}\`.` : known.length === 0 ? undefined : `Known here: ${known.join(', ')}.`
  return { path, message: `Unknown field ${quote(key)}.`, ...(fix === undefined ? {} : { fix }) }
}

function missing(path: readonly (string | number)[]): IssueText {
  return { path, message: `${quote(fieldName(path))} is missing.` }
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: '`true` or `false`',
  array: 'a list',
  object: 'a map of fields',
  record: 'a map',
}

function wrongType(path: readonly (string | number)[], name: string, expected: string, value: unknown, secret: boolean): IssueText {
  const message = `${name} must be ${TYPE_NAMES[expected] ?? expected}, and is ${typeName(value)}.`
  if (expected === 'string' && typeof value !== 'object') return { path, message, fix: 'Write it in quotes.' }
  const bare =
    typeof value === 'string' &&
    ((expected === 'boolean' && /^(?:true|false)$/.test(value)) || (expected !== 'boolean' && /^-?\d+(?:\.\d+)?$/.test(value)))
  if (bare && !secret) return { path, message, fix: `Write ${value} without quotes.` }
  return expected === 'array' ? { path, message, fix: 'Begin each item with `- `.' } : { path, message }
}

function typeName(value: unknown): string {
  if (value === null) return 'empty'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' ? 'a map' : typeof value === 'string' ? 'text' : `a ${typeof value}`
}

function wrongChoice(
  path: readonly (string | number)[],
  name: string,
  values: readonly string[],
  shown: string,
  value: unknown,
): IssueText {
  const near = typeof value === 'string' ? nearest(value, values) : undefined
  const message = `${name} must be one of ${values.join(', ')}${shown}.`
  return near === undefined ? { path, message } : { path, message, fix: `Write \`${near}\`.` }
}

function bound(origin: string, which: string, limit: number | bigint): string {
  if (origin === 'array' || origin === 'set') return `hold ${which} ${limit} ${limit === 1 ? 'item' : 'items'}`
  if (origin === 'string') return limit === 1 ? 'not be empty' : `be ${which} ${limit} characters long`
  return `be ${which} ${limit}`
}

function fixOf(issue: z.core.$ZodIssue): { readonly fix?: string } {
  const fix = issue.code === 'custom' ? (issue.params?.['fix'] as unknown) : undefined
  return typeof fix === 'string' ? { fix } : {}
}

function fieldName(path: readonly (string | number)[]): string {
  return String(path.findLast((part) => typeof part === 'string') ?? 'The object')
}

function quote(name: string): string {
  return name === 'The object' ? name : `\`${clip(name)}\``
}

/** Shortens a text and makes what cannot be seen visible. */
export function clip(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters must not reach a terminal
  const visible = text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/g, '�')
  return visible.length <= CONFIG_LIMITS.maxQuotedChars ? visible : `${visible.slice(0, CONFIG_LIMITS.maxQuotedChars)}…`
}

function valueAt(root: unknown, path: readonly (string | number)[]): unknown {
  let value = root
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined
    value = (value as Record<string | number, unknown>)[part]
  }
  return value
}
