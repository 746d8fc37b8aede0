import { z } from '@mesh/core/schema'
import { MAX_REPLICAS } from '../limits.ts'

const name = z.string().min(1).max(253)

/** What a second terminal may ask of the supervisor: one line of JSON. */
export const controlRequest = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('status') }),
  /** `proxy`: the sidecar too. */
  z.strictObject({ do: z.literal('restart'), name, proxy: z.boolean() }),
  z.strictObject({ do: z.literal('scale'), name, replicas: z.number().int().min(0).max(MAX_REPLICAS) }),
  z.strictObject({ do: z.literal('env'), name }),
  z.strictObject({ do: z.literal('down') }),
])

export type ControlRequest = z.infer<typeof controlRequest>

/** What it answers, one line of JSON each: what is going on, and at last how it went. */
export type ControlAnswer = { readonly kind: 'said'; readonly line: string } | ControlOutcome

export type ControlOutcome =
  | { readonly kind: 'done'; readonly value: unknown }
  /** It cannot or could not be done; one sentence or more. */
  | { readonly kind: 'refused'; readonly reason: string }
