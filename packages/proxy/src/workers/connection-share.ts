import { LIMITS, type Limits } from '../limits.ts'
import { connectionRoom } from '../open-files.ts'

/**
 * The bounds of client connections that one of several workers keeps to, so that all of them together keep to those of the process. Another proxy
 * of the mesh has fewer calls on each of its connections, and so more of them, which the kernel deals out.
 */
export function connectionShare(
  workers: number,
  room: number = connectionRoom() ?? Infinity,
): Pick<Limits, 'connections' | 'connectionsPerListener' | 'meshStreams'> {
  const share = (bound: number): number => Math.max(1, Math.floor(bound / workers))
  return {
    connections: share(Math.min(LIMITS.connections, room)),
    connectionsPerListener: share(LIMITS.connectionsPerListener),
    meshStreams: Math.max(FEWEST_STREAMS, share(LIMITS.meshStreams)),
  }
}

/** With fewer calls on a connection there is little left of what it is shared for. */
const FEWEST_STREAMS = 8
