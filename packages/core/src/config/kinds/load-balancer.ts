import { z } from 'zod'
import { Count, Uint32 } from '../fields/common.ts'
import { Duration, PositiveDuration } from '../fields/duration.ts'
import { deprecated, deprecatedInert, inert, inertValues, noting, otherwise } from '../fields/note.ts'

const Simple = noting(
  inertValues(z.enum(['UNSPECIFIED', 'LEAST_CONN', 'LEAST_REQUEST', 'ROUND_ROBIN', 'RANDOM', 'PASSTHROUGH']), {
    PASSTHROUGH: 'the endpoints of the service are picked by least request',
  }),
  (simple) =>
    simple === 'LEAST_CONN'
      ? {
          code: 'IST0002',
          message: '`LEAST_CONN` is an old spelling.',
          fix: 'Write `LEAST_REQUEST`.',
          rewrite: { kind: 'value', to: 'LEAST_REQUEST' },
        }
      : undefined,
)

const HttpCookie = z.strictObject({
  name: z.string().min(1),
  path: z.string().optional(),
  ttl: Duration.optional(),
  attributes: z.array(z.strictObject({ name: z.string(), value: z.string().optional() })).optional(),
})

const ConsistentHash = z.strictObject({
  httpHeaderName: z.string().optional(),
  httpCookie: HttpCookie.optional(),
  useSourceIp: z.boolean().optional(),
  httpQueryParameterName: z.string().optional(),
  minimumRingSize: deprecated(Count, 'Write `ringHash: {minimumRingSize: …}`.', {
    kind: 'rename',
    to: 'ringHash',
    within: 'minimumRingSize',
  }).optional(),
  ringHash: z.strictObject({ minimumRingSize: Count.optional() }).optional(),
  maglev: z.strictObject({ tableSize: Count.optional() }).optional(),
})

const Locality = z.strictObject({
  enabled: z.boolean().optional(),
  distribute: z.array(z.strictObject({ from: z.string().optional(), to: z.record(z.string(), Uint32).optional() })).optional(),
  failover: z.array(z.strictObject({ from: z.string().optional(), to: z.string().optional() })).optional(),
  failoverPriority: z.array(z.string()).optional(),
})
const ZoneAware = z.strictObject({
  enabled: z.boolean().optional(),
  failover: Locality.shape.failover,
  failoverPriority: Locality.shape.failoverPriority,
  minClusterSize: Count.optional(),
})
const Warmup = z.strictObject({
  duration: PositiveDuration,
  minimumPercent: z.number().min(0).max(100).optional(),
  aggression: z.number().min(1).optional(),
})

/** Istio `LoadBalancerSettings`: how one of the endpoints is picked. */
export const LoadBalancer = z
  .strictObject({
    simple: otherwise(Simple, 'LEAST_REQUEST').optional(),
    consistentHash: inert(ConsistentHash).optional(),
    localityLbSetting: inert(Locality).optional(),
    zoneAwareLbSetting: inert(ZoneAware).optional(),
    warmup: inert(Warmup).optional(),
    warmupDurationSecs: deprecatedInert(PositiveDuration, 'Write `warmup: {duration: …}`.', {
      kind: 'rename',
      to: 'warmup',
      within: 'duration',
    }).optional(),
  })
  .refine((balancer) => balancer.simple === undefined || balancer.consistentHash === undefined, {
    error: 'takes only one of `simple` and `consistentHash`',
  })
export type LoadBalancer = z.infer<typeof LoadBalancer>
