import { z } from '@mesh/core/schema'
import { askJson } from '../mesh/ask.ts'
import { CommandFailure, EXIT } from '../output/exit-code.ts'

const ProxyState = z.object({
  name: z.string(),
  namespace: z.string(),
  state: z.enum(['serving', 'lagging', 'refused']),
  reason: z.string().optional(),
  ms: z.number().optional(),
})

const Propagation = z.object({
  taken: z.boolean(),
  snapshot: z.string(),
  objects: z.array(
    z.object({ want: z.string(), taken: z.boolean(), concerned: z.number(), serving: z.number(), problem: z.string().optional() }),
  ),
  concerned: z.number(),
  serving: z.number(),
  proxies: z.array(ProxyState),
})

/** How far a set of objects has come, as pilot tells it at `/debug/propagation`. */
export type Propagation = z.infer<typeof Propagation>
export type ProxyState = z.infer<typeof ProxyState>

/** Pilot's bound on one question. */
export const MAX_WANTS = 100

/** Asks pilot about objects, each as `KIND/NAMESPACE/NAME@VERSION` or `...@absent`; at most `MAX_WANTS` of them. */
export async function askPropagation(pilot: string, wants: readonly string[]): Promise<Propagation> {
  const query = wants.map((want) => `want=${encodeURIComponent(want)}`).join('&')
  const told = Propagation.safeParse(await askJson(`${pilot}/debug/propagation?${query}`, 'Pilot'))
  if (!told.success)
    throw new CommandFailure(EXIT.unreachable, 'Pilot answers /debug/propagation in a form that this meshctl does not know.')
  return told.data
}
