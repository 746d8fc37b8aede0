import { z } from 'zod'
import { Labels, PortNumber } from '../fields/common.ts'
import { inert, noting, otherwise, type Note } from '../fields/note.ts'
import { PresenceMatch, StringMatch } from '../fields/string-match.ts'

const IGNORED_NAMES = new Set(['uri', 'scheme', 'method', 'authority'])

/** Istio's name for claims of a verified token, in place of a header's. */
const CLAIMS = '@request.auth.claims'

function claimNote(name: string): Note {
  const message = `Tokens are not verified yet: \`${name}\` is never present.`
  return { code: 'MESH0101', path: [name], message, effect: 'refused' }
}

const HeaderMatches = noting(
  z.record(z.string().min(1), PresenceMatch).superRefine((headers, context) => {
    for (const name of Object.keys(headers)) {
      if (/^[-!#$%&'*+.^_`|~0-9A-Za-z:@[\]]+$/.test(name)) continue
      context.addIssue({ code: 'custom', path: [name], message: 'is not the name of a header' })
    }
  }),
  (headers) => [
    ...Object.keys(headers)
      .filter((name) => name.startsWith(CLAIMS))
      .map(claimNote),
    ...Object.keys(headers)
      .filter((name) => !name.startsWith(CLAIMS) && (IGNORED_NAMES.has(name) || name !== name.toLowerCase()))
      .map((name) => ({
        code: 'IST0133' as const,
        path: [name],
        message: IGNORED_NAMES.has(name)
          ? `\`${name}\` is ignored below \`headers\`.`
          : `Header names are matched in lower case: \`${name}\`.`,
        effect: IGNORED_NAMES.has(name) ? ('ignored' as const) : ('works' as const),
        fix: IGNORED_NAMES.has(name) ? `Write \`${name}\` beside \`headers\`.` : `Write \`${name.toLowerCase()}\`.`,
      })),
  ],
)

/** Istio `HTTPMatchRequest`: all its parts must hold. */
export const HttpMatch = z.strictObject({
  name: z.string().optional(),
  uri: StringMatch.optional(),
  scheme: StringMatch.optional(),
  method: StringMatch.optional(),
  authority: StringMatch.optional(),
  headers: HeaderMatches.optional(),
  withoutHeaders: HeaderMatches.optional(),
  queryParams: z.record(z.string().min(1), PresenceMatch).optional(),
  port: PortNumber.optional(),
  sourceLabels: Labels.optional(),
  sourceNamespace: z.string().optional(),
  gateways: z.array(z.string().min(1)).optional(),
  ignoreUriCase: otherwise(z.boolean(), false).optional(),
  statPrefix: inert(z.string()).optional(),
})
export type HttpMatch = z.infer<typeof HttpMatch>
