import { issueTexts, type IssueText, type z } from '@mesh/core/schema'
import { meshFileSchema } from './mesh-file.ts'

export type MeshFileIssue = z.core.$ZodIssue

/** What the schema says against a mesh.yaml, as single issues: choices are resolved, and what stands under a bad name is looked at too. */
export function meshFileIssues(value: unknown): readonly MeshFileIssue[] {
  return (meshFileSchema.safeParse(value).error?.issues ?? []).flatMap((issue) => single(issue, value))
}

/** The words for one of them. */
export function meshFileIssueTexts(issue: MeshFileIssue, value: unknown): readonly IssueText[] {
  return issueTexts(issue, { schema: meshFileSchema, value, secret: false })
}

function single(issue: MeshFileIssue, value: unknown): readonly MeshFileIssue[] {
  if (issue.code === 'invalid_union') return chosen(issue, value).flatMap((one) => single(one, value))
  return issue.code === 'invalid_key' ? [issue, ...underBadName(issue, value)] : [issue]
}

/** Of a choice: what is wrong with the form that was meant; where none was, which there are. */
function chosen(issue: Extract<MeshFileIssue, { code: 'invalid_union' }>, value: unknown): readonly MeshFileIssue[] {
  if (isAbsent(value, issue.path)) return (issue.errors[0] ?? []).map((one) => ({ ...one, path: issue.path }))
  const isMeant = (form: readonly MeshFileIssue[]): boolean => form.every((one) => one.path.length > 0 || !WRONG_FORM.has(one.code))
  const meant = issue.errors.find((form) => form.length > 0 && isMeant(form))
  if (meant !== undefined) return meant.map((one) => ({ ...one, path: [...issue.path, ...one.path] }))
  const forms = [...new Set(issue.errors.flatMap((form) => form.slice(0, 1).map(formName)))]
  return [{ code: 'custom', path: issue.path, message: `must be ${forms.join(' or ')}`, input: issue.input }]
}

function isAbsent(value: unknown, path: readonly PropertyKey[]): boolean {
  let found = value
  for (const part of path) found = (found as Record<PropertyKey, unknown> | null | undefined)?.[part]
  return found === undefined
}

const WRONG_FORM: ReadonlySet<string> = new Set(['invalid_type', 'invalid_value'])

const FORMS: Readonly<Record<string, string>> = { string: 'text', number: 'a number', boolean: '`true` or `false`', array: 'a list' }

function formName(issue: MeshFileIssue): string {
  if (issue.code === 'invalid_value') return issue.values.map((one) => `\`${String(one)}\``).join(' or ')
  return issue.code === 'invalid_type' ? (FORMS[issue.expected] ?? issue.expected) : 'something else'
}

/** Zod looks no further where a name cannot be, but a person wants to hear of all mistakes at once. */
function underBadName({ path }: MeshFileIssue, value: unknown): readonly MeshFileIssue[] {
  const [group, name] = path.map(String)
  if (path.length !== 2 || (group !== 'gateways' && group !== 'processes')) return []
  const entry = (value as Record<string, Record<string, unknown>>)[group]?.[name ?? '']
  const renamed = { name: 'a', config: 'a', [group]: { a: entry } }
  return meshFileIssues(renamed).map((one) => ({ ...one, path: [...path, ...one.path.slice(2)] }))
}
