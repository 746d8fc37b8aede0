import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { CommandFailure, EXIT } from '../output/exit-code.ts'
import type { LogKind } from './log-kind.ts'

/** A log of one process. */
export interface LogFile {
  readonly path: string
  /** `reviews-v1-0`, `pilot`. */
  readonly owner: string
  readonly kind: LogKind
}

/** All logs in a mesh's log folder, by name. */
export function listLogs(folder: string): readonly LogFile[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.log'))
    .sort()
    .map((name) => {
      const [, owner = '', kind = 'plane'] = /^(.*?)(?:\.(app|proxy|access))?\.log$/.exec(name) ?? []
      return { path: join(folder, name), owner, kind: kind as LogKind }
    })
}

/** What of the logs somebody wants to see. */
export interface LogChoice {
  /** Replicas, workloads or planes; none: everybody. */
  readonly names: readonly string[]
  /** Undefined: what applications say; of who has none, what its own process says. */
  readonly kinds: readonly LogKind[] | undefined
}

/** The logs that are meant; fails when a name means none. */
export function chooseLogs(all: readonly LogFile[], choice: LogChoice): readonly LogFile[] {
  const unknown = choice.names.find((name) => !all.some((log) => isOf(log, name)))
  if (unknown !== undefined) {
    const owners = [...new Set(all.map(({ owner }) => owner))].join(', ')
    throw new CommandFailure(EXIT.negative, `Nothing called "${unknown}" writes logs in this mesh. It has ${owners}.`)
  }
  return all.filter((log) => isChosen(log, all, choice))
}

/** Whether one log is meant; `all` says what else its owner writes. */
export function isChosen(log: LogFile, all: readonly LogFile[], { names, kinds }: LogChoice): boolean {
  if (names.length > 0 && !names.some((name) => isOf(log, name))) return false
  if (kinds !== undefined) return kinds.includes(log.kind)
  if (log.kind === 'app') return true
  const speaks = all.some(({ owner, kind }) => owner === log.owner && kind === 'app')
  return names.length > 0 && !speaks && log.kind !== 'access'
}

/** By replica, by workload (`reviews-v1` is `reviews-v1-0`, `reviews-v1-1`), each also with its namespace behind a dot. */
function isOf({ owner }: LogFile, name: string): boolean {
  const bare = name.replace(/\.[^.]*$/, '')
  return [name, bare].some((one) => owner === one || owner.replace(/-\d+$/, '') === one)
}
