import type { HeaderMatch } from '../../view/match.ts'
import type { ValuePattern } from './values.ts'

/** A test with `and`, `or` and `not`: what permissions and principals have in common. */
export type Test<Kind> =
  | Kind
  | { readonly kind: 'any' }
  | { readonly kind: 'and'; readonly of: readonly Test<Kind>[] }
  | { readonly kind: 'or'; readonly of: readonly Test<Kind>[] }
  | { readonly kind: 'not'; readonly of: Test<Kind> }

/** Which connections have an attribute: all, HTTP requests alone, or none, since nothing here can tell it (a verified token). */
export type KnownTo = 'all' | 'http' | 'none'

/** One attribute of a rule: one of `values`, and none of `notValues`. */
export interface Clause<Kind> {
  readonly knownTo: KnownTo
  readonly values: readonly string[] | undefined
  readonly notValues: readonly string[] | undefined
  readonly test: (value: string) => readonly Kind[]
}

/** What the connection is, and what a rule does with attributes that it does not have. */
export interface ClauseScope {
  readonly kind: 'http' | 'tcp'
  /** `never`: a rule that needs them cannot match (ALLOW); `skip`: it matches by the rest (DENY). */
  readonly missing: 'never' | 'skip'
}

/** All clauses that say something, as tests that must hold together; undefined when the rule can never match here. */
export function testsOf<Kind>(clauses: readonly Clause<Kind>[], scope: ClauseScope): readonly Test<Kind>[] | undefined {
  const tests: Test<Kind>[] = []
  for (const clause of clauses) {
    const said = (clause.values?.length ?? 0) + (clause.notValues?.length ?? 0) > 0
    if (!said) continue
    if (clause.knownTo === 'none' || (clause.knownTo === 'http' && scope.kind === 'tcp')) {
      if (scope.missing === 'never') return undefined
      continue
    }
    if (clause.values !== undefined && clause.values.length > 0) tests.push(oneOf(clause.values.flatMap(clause.test)))
    if (clause.notValues !== undefined && clause.notValues.length > 0)
      tests.push({ kind: 'not', of: oneOf(clause.notValues.flatMap(clause.test)) })
  }
  return tests
}

/** Tests that must hold together, as one. */
export function allOf<Kind>(tests: readonly Test<Kind>[]): Test<Kind> {
  return tests.length === 1 && tests[0] !== undefined ? tests[0] : tests.length === 0 ? { kind: 'any' } : { kind: 'and', of: tests }
}

export function byHeader(name: string, value: ValuePattern): { readonly kind: 'header'; readonly header: HeaderMatch } {
  return { kind: 'header', header: { name, value } }
}

function oneOf<Kind>(tests: readonly Test<Kind>[]): Test<Kind> {
  return tests.length === 1 && tests[0] !== undefined ? tests[0] : { kind: 'or', of: tests }
}
