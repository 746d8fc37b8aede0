import { z } from 'zod'
import { Duration } from '../fields/duration.ts'
import { StringMatch } from '../fields/string-match.ts'

/** Istio `CorsPolicy`. */
export const CorsPolicy = z.strictObject({
  allowOrigin: z.array(z.string()).optional(),
  allowOrigins: z.array(StringMatch).optional(),
  allowMethods: z.array(z.string()).optional(),
  allowHeaders: z.array(z.string()).optional(),
  exposeHeaders: z.array(z.string()).optional(),
  maxAge: Duration.optional(),
  allowCredentials: z.boolean().optional(),
  unmatchedPreflights: z.enum(['UNSPECIFIED', 'FORWARD', 'IGNORE']).optional(),
})
export type CorsPolicy = z.infer<typeof CorsPolicy>
