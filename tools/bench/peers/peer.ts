import type { Setup } from '../work.ts'
import type { Pki } from '../pki.ts'

/** What every peer is asked to do: 20 routes over ten hosts, one upstream kept alive. */
export interface Site {
  /** `fresh` is set up like `plain`. */
  readonly setup: Setup
  readonly hosts: readonly string[]
  /** A prefix of each host besides `/`; the first match wins. */
  readonly prefix: string
  readonly upstreamPort: number
  /** A folder for the files of this peer. */
  readonly dir: string
  /** Certificates, where the setup has TLS. */
  readonly pki: Pki | undefined
}

/** Where to knock, and whose CPU time counts. */
export interface Target {
  readonly port: number
  readonly pids: readonly number[]
}

/** A proxy at work, or a pair of them. */
export interface Running extends Target {
  /** When its process was started, by `performance.now()`; of a pair, and of none, it is not told. */
  readonly startedMs?: number
  /** Of a pair the one that takes TLS. */
  readonly server?: Target
  stop(): Promise<void>
}

/** A proxy that the bench can start, or what takes its place. */
export interface Peer {
  readonly name: string
  readonly setups: readonly Setup[]
  /** What it does less than ours, for whoever compares. */
  readonly leavesOut: string
  /** Runs on a virtual machine that compiles what is hot. */
  readonly compiles: boolean
  /** Only where it is asked for by its name. */
  readonly onDemand?: true
  /** How to install it; undefined when it is there. */
  missing(): string | undefined
  /** Version, as it goes into the results. */
  version(): string
  start(site: Site): Promise<Running>
}
