import { z } from '@mesh/core/schema'
import { CommandFailure, EXIT } from '../output/exit-code.ts'

const SyncRow = z.object({
  node: z.object({ name: z.string(), namespace: z.string(), kind: z.string() }),
  mode: z.string().optional(),
  snapshot: z.string(),
  types: z.array(z.object({ type: z.string(), state: z.string(), ackedSnapshot: z.string().nullish(), error: z.string().nullish() })),
})

/** What pilot says about one proxy at `/debug/syncz`. */
export type SyncRow = z.infer<typeof SyncRow>

/** Reads pilot's answer; fails when it is something else. */
export function readSyncRows(answer: unknown): readonly SyncRow[] {
  const rows = z.array(SyncRow).safeParse(answer)
  if (!rows.success) throw new CommandFailure(EXIT.unreachable, 'Pilot answers /debug/syncz in a form that this meshctl does not know.')
  return rows.data
}
