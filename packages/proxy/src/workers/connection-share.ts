import { LIMITS, type Limits } from '../limits.ts'
import { connectionRoom } from '../open-files.ts'

/** The bounds of client connections that one of several workers keeps to, so that all of them together keep to those of the process. */
export function connectionShare(
  workers: number,
  room: number = connectionRoom() ?? Infinity,
): Pick<Limits, 'connections' | 'connectionsPerListener'> {
  const share = (bound: number): number => Math.max(1, Math.floor(bound / workers))
  return { connections: share(Math.min(LIMITS.connections, room)), connectionsPerListener: share(LIMITS.connectionsPerListener) }
}
