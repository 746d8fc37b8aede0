import type { Finding } from '@mesh/core/config'
import { originName } from '@mesh/core/origin'
import { findingLine } from '../output/finding-line.ts'
import { MAX_SHOWN_FINDINGS } from './limits.ts'
import type { Plan } from './plan.ts'

/** What a person should know before anything runs: ports that are others than expected, and what is missing for mTLS. */
export function warnings(plan: Plan): readonly string[] {
  const plain =
    plan.ca === null ? ['There is no mTLS: the mesh runs without a certificate authority, and services talk in plain text.'] : []
  return [...plan.replaced, ...plain]
}

/** Findings about the configuration, worst first, each with its place; `all` tells which broken objects keep a last good form, `snapshot` what is in force. */
export function findingLines(
  findings: readonly Finding[],
  { cwd, all = findings, snapshot }: { readonly cwd: string; readonly all?: readonly Finding[]; readonly snapshot?: string | undefined },
): readonly string[] {
  const failed = new Set(all.filter(({ severity }) => severity === 'error').map(subjectOf))
  const kept = new Set(all.filter(({ code }) => code === LAST_GOOD).flatMap((one) => [subjectOf(one), one.origin.file]))
  const folded = (one: Finding): boolean => one.code === LAST_GOOD && (failed.has(subjectOf(one)) || failed.has(one.origin.file))
  const told = findings
    .filter((one) => one.severity !== 'info' && !folded(one))
    .toSorted((a, b) => (a.severity === b.severity ? 0 : a.severity === 'error' ? -1 : 1))
  const lines = told.slice(0, MAX_SHOWN_FINDINGS).map((one) => {
    const keeps = one.severity === 'error' && kept.has(subjectOf(one))
    return findingLine(one, {
      cwd,
      ...(keeps ? { more: `The last good form keeps serving${snapshot === undefined ? '' : ` (${snapshot})`}.` } : {}),
    })
  })
  return told.length > lines.length ? [...lines, `... and ${told.length - lines.length} more findings`] : lines
}

/** Code of the finding that a broken object keeps its last good form: a line of its own only where no error is told of the object. */
const LAST_GOOD = 'MESH0006'

/** The object that a finding is about, or the file that could not be read as objects. */
function subjectOf({ origin }: Finding): string | undefined {
  return origin.name === '' ? origin.file : originName(origin)
}
