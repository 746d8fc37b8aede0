import { z } from 'zod'
import { Percent, PortNumber, Uint32 } from '../fields/common.ts'
import { Destination, HeaderOperations, HttpRouteDestination, LineText, weighted } from '../fields/destination.ts'
import { Duration } from '../fields/duration.ts'
import { deprecatedInert, inert, otherwise } from '../fields/note.ts'
import { Regex } from '../fields/string-match.ts'
import { CorsPolicy } from './virtual-service-cors.ts'
import { HttpFault } from './virtual-service-fault.ts'
import { HttpMatch } from './virtual-service-match.ts'
import { HttpRetry } from './virtual-service-retry.ts'

const HttpRedirect = z.strictObject({
  uri: LineText.optional(),
  authority: LineText.optional(),
  scheme: LineText.optional(),
  port: PortNumber.optional(),
  derivePort: otherwise(z.enum(['FROM_PROTOCOL_DEFAULT', 'FROM_REQUEST_PORT']), 'FROM_PROTOCOL_DEFAULT').optional(),
  redirectCode: otherwise(z.union([z.literal(301), z.literal(302), z.literal(303), z.literal(307), z.literal(308)]), 301).optional(),
  prefixRewrite: inert(z.string()).optional(),
})

const HttpRewrite = z.strictObject({
  uri: LineText.optional(),
  authority: LineText.optional(),
  uriRegexRewrite: z.strictObject({ match: Regex, rewrite: LineText }).optional(),
})

const HttpDirectResponse = z.strictObject({
  status: z.int().min(200).max(599),
  body: z
    .strictObject({ string: z.string().max(1_048_576).optional(), bytes: inert(z.base64().max(1_398_104), 'Write `string`.').optional() })
    .optional(),
})

const Mirror = z.strictObject({ destination: Destination, percentage: Percent.optional() })

const OldMirrorPercent = deprecatedInert(Uint32, 'Write `mirrorPercentage: {value: …}`.', {
  kind: 'rename',
  to: 'mirrorPercentage',
  within: 'value',
})

/** Istio `HTTPRoute`: when it matches, one of `route`, `redirect`, `directResponse` and `delegate` answers. */
export const HttpRoute = z
  .strictObject({
    name: z.string().optional(),
    match: z.array(HttpMatch).optional(),
    route: weighted(HttpRouteDestination).optional(),
    redirect: HttpRedirect.optional(),
    directResponse: HttpDirectResponse.optional(),
    delegate: inert(z.strictObject({ name: z.string().optional(), namespace: z.string().optional() })).optional(),
    rewrite: HttpRewrite.optional(),
    timeout: otherwise(Duration, '0s').optional(),
    retries: HttpRetry.optional(),
    fault: HttpFault.optional(),
    mirror: inert(Destination).optional(),
    mirrors: inert(z.array(Mirror)).optional(),
    mirrorPercent: OldMirrorPercent.optional(),
    mirror_percent: OldMirrorPercent.optional(),
    mirrorPercentage: inert(Percent).optional(),
    corsPolicy: inert(CorsPolicy).optional(),
    websocketUpgrade: inert(z.boolean()).optional(),
    headers: HeaderOperations.optional(),
  })
  .superRefine((route, context) => {
    const answers = (['route', 'redirect', 'directResponse', 'delegate'] as const).filter((field) => route[field] !== undefined)
    if (answers.length === 0 || (answers[0] === 'route' && route.route?.length === 0)) {
      context.addIssue({
        code: 'custom',
        path: [],
        message: 'goes nowhere',
        params: { fix: 'Write one of `route`, `redirect`, `directResponse` and `delegate`.' },
      })
    }
    if (answers.length > 1) {
      context.addIssue({
        code: 'custom',
        path: [answers[1] ?? ''],
        message: `cannot stand beside \`${answers[0]}\``,
        params: { fix: 'Keep one of the two.' },
      })
    }
    if (route.redirect !== undefined && route.rewrite !== undefined) {
      context.addIssue({ code: 'custom', path: ['rewrite'], message: 'cannot stand beside `redirect`' })
    }
  })
export type HttpRoute = z.infer<typeof HttpRoute>
