import type { Plane, Supervisor } from '../supervisor.ts'
import type { Fleet, Outcome } from './fleet.ts'
import { READY_TIMEOUT_MS, SERVED_TIMEOUT_MS } from './limits.ts'

export interface RestartPlaneOptions {
  readonly plane: Plane
  readonly supervisor: Supervisor
  readonly fleet: Fleet
  readonly signal: AbortSignal
}

/** Restarts a plane and waits until it is ready; of pilot also until all proxies are in sync again. Traffic goes on meanwhile. */
export async function restartPlane({ plane, supervisor, fleet, signal }: RestartPlaneOptions): Promise<Outcome> {
  await supervisor.end(plane)
  const missing = await supervisor.startPlane(plane, AbortSignal.any([signal, AbortSignal.timeout(READY_TIMEOUT_MS)]))
  if (missing !== undefined) return { kind: 'refused', reason: `${plane} does not get ready (see \`meshctl logs ${plane}\`).` }
  if (plane !== 'pilot') return { kind: 'done', line: `${plane} restarted.` }
  const late = await fleet.publish(() => {}, AbortSignal.any([signal, AbortSignal.timeout(SERVED_TIMEOUT_MS)]))
  return late.length === 0
    ? { kind: 'done', line: 'pilot restarted, all proxies are in sync.' }
    : { kind: 'refused', reason: `pilot restarted, but ${late.join(', ')} not in sync: see \`meshctl ps\`.` }
}
