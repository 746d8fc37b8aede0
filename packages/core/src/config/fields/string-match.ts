import { RE2JS } from 're2js'
import { z } from 'zod'
import { CONFIG_LIMITS } from '../limits.ts'

/** A regular expression in RE2's syntax, at most 1024 characters long. */
export const Regex = z
  .string()
  .max(CONFIG_LIMITS.maxRegexChars)
  .superRefine((text, context) => {
    const fault = regexFault(text)
    if (fault !== undefined) {
      context.addIssue({
        code: 'custom',
        message: `is not a regular expression in RE2's syntax: ${fault}`,
        params: { fix: 'RE2 knows no look-around and no back-references.' },
      })
    }
  })

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

function regexFault(text: string): string | undefined {
  if (text.length > CONFIG_LIMITS.maxRegexChars) return undefined
  try {
    RE2JS.compile(text)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : 'unreadable'
  }
}
