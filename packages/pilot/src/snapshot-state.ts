import { changeBetween, type Change } from '@mesh/core/compile'
import type { ConfigSource, Finding } from '@mesh/core/config'
import { buildSnapshot, type Snapshot } from '@mesh/core/snapshot'
import { originPlace } from '@mesh/core/origin'
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
  let told = new Set<string>()
  return {
    get current() {
      return current
    },
    take: (sources) => {
      const previous = current
      const snapshot = buildSnapshot({ sources, ...(previous === undefined ? {} : { previous }) })
      current = snapshot
      told = tellFindings(snapshot.findings, told, log)
      const change = previous === undefined ? 'all' : changeBetween(previous, snapshot)
      if (change === 'none') return
      log('info', 'snapshot', { hash: snapshot.hash, objects: snapshot.objects.length, findings: snapshot.findings.length, change })
      onSnapshot(snapshot, change)
    },
  }
}

function tellFindings(findings: readonly Finding[], told: ReadonlySet<string>, log: Log): Set<string> {
  const now = new Set<string>()
  for (const finding of findings) {
    const { severity, code, message, fix, origin, docs } = finding
    const key = `${code} ${originPlace(origin)} ${message}`
    if (now.has(key)) continue
    now.add(key)
    if (!told.has(key)) log(LEVELS[severity], message, { code, place: originPlace(origin), ...(fix === undefined ? {} : { fix }), docs })
  }
  return now
}

const LEVELS = { error: 'error', warning: 'warn', info: 'info' } as const
