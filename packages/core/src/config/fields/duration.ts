import { z } from 'zod'
import { named } from './type-name.ts'

const UNIT_MS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1, us: 0.001, µs: 0.001, ns: 0.000_001 }
const PART = /(\d+(?:\.\d*)?|\.\d+)(h|ms|m|s|us|µs|ns)/y
const MAX_CHARS = 64
/** About 292 years, the span of Go's durations. */
const MAX_MS = 9_223_372_036_854

/** Go's spelling of a duration (`1h30m`, `1.5s`, `100ms`) in milliseconds; undefined where it is none. */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0
  if (text === '' || text.length > MAX_CHARS) return undefined
  let total = 0
  PART.lastIndex = 0
  while (PART.lastIndex < text.length) {
    const part = PART.exec(text)
    if (part === null) return undefined
    total += Number(part[1]) * (UNIT_MS[part[2] ?? ''] ?? Number.NaN)
  }
  return total <= MAX_MS ? total : undefined
}

const NO_TEXT = 'is not a duration, a number with a unit like `5s`'

/** A duration that may be zero. */
export const Duration = named(
  z.string({ error: NO_TEXT }).refine((text) => parseDuration(text) !== undefined, {
    error: 'is not a duration',
    params: { fix: 'Write a number with a unit, like `5s`, `100ms` or `1h30m`.' },
  }),
  'duration',
)

/** A duration of at least one millisecond. */
export const PositiveDuration = named(
  z.string({ error: NO_TEXT }).refine((text) => (parseDuration(text) ?? 0) >= 1, {
    error: 'is not a duration of at least 1ms',
    params: { fix: 'Write a number with a unit, like `5s`, `100ms` or `1h30m`.' },
  }),
  'duration, at least 1ms',
)
