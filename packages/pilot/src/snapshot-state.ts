import { changeBetween, type Change } from '@mesh/core/compile'
import type { ConfigSource } from '@mesh/core/config'
import { buildSnapshot, type Snapshot } from '@mesh/core/snapshot'
import { createFindingLog } from '@mesh/telemetry'
import type { Log } from './log.ts'

/** The snapshot in force. */
export interface SnapshotState {
  readonly current: Snapshot | undefined
  /** Takes the sources as they are now. */
  take(sources: readonly ConfigSource[]): void
}

export interface SnapshotStateOptions {
  /** There is a new snapshot; `change` says which lane it needs. */
  readonly onSnapshot: (snapshot: Snapshot, change: Change) => void
  readonly log: Log
}

/** Makes snapshots of sources; each finding is told once, when it comes up. */
export function createSnapshotState({ onSnapshot, log }: SnapshotStateOptions): SnapshotState {
  let current: Snapshot | undefined
  const tellFindings = createFindingLog(log)
  return {
    get current() {
      return current
    },
    take: (sources) => {
      const previous = current
      const snapshot = buildSnapshot({ sources, ...(previous === undefined ? {} : { previous }) })
      current = snapshot
      tellFindings(snapshot.findings)
      const change = previous === undefined ? 'all' : changeBetween(previous, snapshot)
      if (change === 'none') return
      log('info', 'snapshot', { hash: snapshot.hash, objects: snapshot.objects.length, findings: snapshot.findings.length, change })
      onSnapshot(snapshot, change)
    },
  }
}
