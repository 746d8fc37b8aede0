import type { Child } from '../child.ts'

/** What every peer is asked to do: one listener, 42 hosts, each with prefixes, one upstream kept alive. */
export interface Task {
  readonly hosts: readonly string[]
  /** Prefixes besides `/`, first match wins. */
  readonly prefixes: readonly string[]
  readonly upstreamPort: number
  /** A folder for the files of this peer. */
  readonly dir: string
}

/** A proxy that the bench can start. */
export interface Peer {
  readonly name: string
  /** Version, as it goes into the results. */
  version(): string
  start(task: Task, port: number): Promise<Child>
}
