import type { Plane, Supervisor } from '../supervisor.ts'
import type { Outcome } from './fleet.ts'
import { READY_TIMEOUT_MS, SERVED_TIMEOUT_MS } from './limits.ts'
import { untilSynced, type SyncedOptions } from './synced.ts'

export interface RestartPlaneOptions {
  readonly plane: Plane
  readonly supervisor: Supervisor
  /** How to find out which proxies are in sync. */
  readonly synced: Omit<SyncedOptions, 'signal'>
  readonly signal: AbortSignal
}

/** Restarts a plane and waits until it is ready; of pilot also until all proxies are in sync again. Traffic goes on meanwhile. */
export async function restartPlane({ plane, supervisor, synced, signal }: RestartPlaneOptions): Promise<Outcome> {
  await supervisor.end(plane)
  const missing = await supervisor.startPlane(plane, AbortSignal.any([signal, AbortSignal.timeout(READY_TIMEOUT_MS)]))
  if (missing !== undefined) return { kind: 'refused', reason: `${plane} does not get ready (see \`meshctl logs ${plane}\`).` }
  if (plane !== 'pilot') return { kind: 'done', line: `${plane} restarted.` }
  const { late, count, snapshot } = await untilSynced({
    ...synced,
    signal: AbortSignal.any([signal, AbortSignal.timeout(SERVED_TIMEOUT_MS)]),
  })
  return late.length === 0
    ? { kind: 'done', line: `pilot restarted, ${count} proxies on ${snapshot}.` }
    : { kind: 'refused', reason: `pilot restarted, but ${late.join(', ')} not in sync: see \`meshctl ps\`.` }
}
