import type { z } from 'zod'
import { REGEX_LIMITS } from '../../regex/limits.ts'
import { regexSize } from '../../regex/regex-size.ts'

/** Refuses an object whose regular expressions are too much together, though each is within its bounds. */
export function boundRegexes(body: unknown, context: z.core.$RefinementCtx): void {
  const total = Math.ceil(regexesIn(body).reduce((sum, pattern) => sum + regexSize(pattern), 0))
  if (total <= REGEX_LIMITS.objectSize) return
  context.addIssue({
    code: 'custom',
    path: [],
    message: `has regular expressions whose programs have about ${total} instructions together; at most ${REGEX_LIMITS.objectSize} are taken`,
    params: { fix: 'Write `prefix` or `exact` where that says the same, or part the routes into several objects.' },
  })
}

/** What stands below `regex`, and below `match` where that is a text (`uriRegexRewrite`). */
function regexesIn(body: unknown): readonly string[] {
  if (typeof body !== 'object' || body === null) return []
  if (Array.isArray(body)) return body.flatMap(regexesIn)
  return Object.entries(body).flatMap(([key, value]: [string, unknown]) =>
    (key === 'regex' || key === 'match') && typeof value === 'string' ? [value] : regexesIn(value),
  )
}
