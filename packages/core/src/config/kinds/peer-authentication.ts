import { z } from 'zod'
import { MatchLabels } from '../fields/common.ts'
import { otherwise } from '../fields/note.ts'

const MutualTls = z.strictObject({ mode: otherwise(z.enum(['UNSET', 'DISABLE', 'PERMISSIVE', 'STRICT']), 'UNSET').optional() })
export type MutualTlsMode = NonNullable<z.infer<typeof MutualTls>['mode']>

/** Istio `security.v1.PeerAuthentication`: whether workloads take plain text, mTLS, or both. */
export const PeerAuthentication = z
  .strictObject({
    selector: MatchLabels.optional(),
    mtls: MutualTls.optional(),
    portLevelMtls: z.record(z.string().regex(/^[1-9]\d{0,4}$/, { error: 'is not a port number' }), MutualTls).optional(),
  })
  .superRefine((spec, context) => {
    const selected = Object.keys(spec.selector?.matchLabels ?? {}).length > 0
    if (!selected && Object.keys(spec.portLevelMtls ?? {}).length > 0) {
      context.addIssue({
        code: 'custom',
        path: ['portLevelMtls'],
        message: 'needs a workload selector',
        params: { fix: 'Write `selector: {matchLabels: …}`.' },
      })
    }
  })
export type PeerAuthentication = z.infer<typeof PeerAuthentication>
