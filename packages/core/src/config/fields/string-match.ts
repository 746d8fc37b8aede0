import { z } from 'zod'
import { regexFault } from '../../regex/regex-fault.ts'
import { named } from './type-name.ts'

/** A regular expression in RE2's syntax, within the bounds of `REGEX_LIMITS`. */
export const Regex = named(
  z.string().superRefine((text, context) => {
    const fault = regexFault(text)
    if (fault !== undefined) context.addIssue({ code: 'custom', message: fault.message, params: { fix: fault.fix } })
  }),
  'regular expression (RE2)',
)

/** Istio `StringMatch`: exactly one of `exact`, `prefix` and `regex`. */
export const StringMatch = z
  .strictObject({ exact: z.string().optional(), prefix: z.string().optional(), regex: Regex.optional() })
  .refine((match) => Object.values(match).filter((value) => value !== undefined).length === 1, {
    error: 'needs exactly one of `exact`, `prefix` and `regex`',
  })
export type StringMatch = z.infer<typeof StringMatch>

/** A StringMatch which may also be empty: the header or parameter is there, whatever its value. */
export const PresenceMatch = z
  .strictObject({ exact: z.string().optional(), prefix: z.string().optional(), regex: Regex.optional() })
  .refine((match) => Object.values(match).filter((value) => value !== undefined).length <= 1, {
    error: 'takes at most one of `exact`, `prefix` and `regex`',
  })
export type PresenceMatch = z.infer<typeof PresenceMatch>
