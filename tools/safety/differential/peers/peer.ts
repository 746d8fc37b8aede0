import type { Child } from '../../running/child.ts'

export interface PeerTask {
  /** Where it listens on 127.0.0.1. */
  readonly port: number
  readonly upstreamPort: number
  /** A folder of its own. */
  readonly dir: string
}

/** A proxy that cases are sent to. */
export interface Peer {
  readonly name: string
  /** Why it cannot be started here; undefined: it can. */
  readonly missing?: string
  start(task: PeerTask): Promise<Child>
}
