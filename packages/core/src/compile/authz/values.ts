import type { StringMatch } from '../../view/match.ts'

/** Istio's value patterns: `x` exactly, `x*` by prefix, `*x` by suffix, `*` for any that is there. */
export type ValuePattern = StringMatch | { readonly kind: 'present' }

export function valuePattern(value: string): ValuePattern {
  if (value === '*') return { kind: 'present' }
  if (value.endsWith('*')) return { kind: 'prefix', value: value.slice(0, -1) }
  if (value.startsWith('*')) return { kind: 'suffix', value: value.slice(1) }
  return { kind: 'exact', value }
}

/** As `valuePattern`, whatever the case. */
export function caselessPattern(value: string): ValuePattern {
  const pattern = valuePattern(value)
  return pattern.kind === 'present' || pattern.kind === 'regex' ? pattern : { ...pattern, ignoreCase: true }
}

/** A pattern over one part of a name that `part` cannot leave, as an RE2 expression; everything the user wrote is literal. */
export function partExpression(value: string, part: string): string {
  const pattern = valuePattern(value)
  if (pattern.kind === 'present') return `${part}+`
  if (pattern.kind === 'prefix') return `${quote(pattern.value)}${part}*`
  if (pattern.kind === 'suffix') return `${part}*${quote(pattern.value)}`
  return quote(value)
}

/** A text as an RE2 expression that matches just it. */
export function quote(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}
