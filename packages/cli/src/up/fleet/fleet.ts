import type { ProcessEntry } from '../mesh-file.ts'
import type { PlannedWorkload } from '../plan.ts'

/** What restarting and scaling need of the mesh that runs. */
export interface Fleet {
  /** The replicas of a workload, by index; none where there is no such workload. */
  replicasOf(workload: string): readonly PlannedWorkload[]
  /** Takes replicas out of traffic; answers which proxies do not serve that in time, and why. */
  hold(replicas: readonly PlannedWorkload[], signal: AbortSignal): Promise<readonly string[]>
  /** Lets them back where they can take traffic; answers the same. */
  release(replicas: readonly PlannedWorkload[], signal: AbortSignal): Promise<readonly string[]>
  /** Whether nothing but being held keeps a replica from traffic, before `signal` aborts. */
  untilReady(replica: PlannedWorkload, signal: AbortSignal): Promise<boolean>
  /** What keeps a replica from traffic, as the end of a sentence. */
  hindrance(replica: PlannedWorkload): string
  /** Waits until its calls have ended. */
  untilDrained(replica: PlannedWorkload, signal: AbortSignal): Promise<boolean>
  stopApp(replica: PlannedWorkload): Promise<void>
  startApp(replica: PlannedWorkload): void
  stopProxy(replica: PlannedWorkload): Promise<void>
  /** Resolves when it is ready, or `signal` aborts. */
  startProxy(replica: PlannedWorkload, signal: AbortSignal): Promise<void>
  /** Replaces it by one that takes its sockets over, without a moment in between; answers whether that came before `signal` aborts. Undefined where it cannot be. */
  readonly replaceProxy: ((replica: PlannedWorkload, signal: AbortSignal) => Promise<boolean>) | undefined
  /** Whether it takes traffic now. */
  isReady(replica: PlannedWorkload): boolean
  /** From their next start on replicas of a workload are as an entry of mesh.yaml says. */
  adopt(workload: string, entry: ProcessEntry): void
  /** Plans one more replica and starts its processes; it is held. Undefined when the mesh stops; throws, leaving nothing, where there cannot be one more. */
  add(workload: string): Promise<PlannedWorkload | undefined>
  /** Ends its processes and forgets it. */
  remove(replica: PlannedWorkload): Promise<void>
}

/** How something went that was asked of the running mesh. */
export type Outcome = { readonly kind: 'done'; readonly line: string } | { readonly kind: 'refused'; readonly reason: string }
