import { watch, type FSWatcher } from 'node:fs'
import { basename, dirname } from 'node:path'
import { POLL_MS, RECHECK_MS } from './limits.ts'

/** Tells of changes in a set of directories that may grow and shrink. */
export interface DirectoryWatch {
  /** Watches these from now on, and no others. */
  set(directories: readonly string[]): void
  close(): void
}

export interface DirectoryWatchOptions {
  /** The outermost directories: their coming, going and being swapped is seen too. */
  readonly roots: readonly string[]
  readonly onChange: () => void
  /** Told once when the system cannot watch; changes are then found by reading again and again. */
  readonly onProblem: (reason: unknown) => void
}

/** Watches directories by the system's own means. */
export function watchDirectories({ roots, onChange, onProblem }: DirectoryWatchOptions): DirectoryWatch {
  const watchers = new Map<string, FSWatcher>()
  let poll = setInterval(onChange, RECHECK_MS)
  let fallen = false
  const fallBack = (reason: unknown): void => {
    if (fallen) return
    fallen = true
    clearInterval(poll)
    poll = setInterval(onChange, POLL_MS)
    onProblem(reason)
  }
  const open = (directory: string, concerns: (name: string | null) => boolean): FSWatcher | undefined => {
    try {
      const watcher = watch(directory, (_event, name) => void (concerns(name) && onChange()))
      watcher.on('error', (error) => {
        watcher.close()
        if (!isMissing(error)) fallBack(error)
      })
      return watcher
    } catch (error) {
      if (!isMissing(error)) fallBack(error)
      return undefined
    }
  }
  const parents = [...new Set(roots.map((root) => dirname(root)))].map((parent) =>
    open(parent, (name) => roots.some((root) => dirname(root) === parent && (name === null || name === basename(root)))),
  )
  return {
    set: (directories) => {
      for (const [directory, watcher] of watchers) {
        watcher.close()
        watchers.delete(directory)
      }
      for (const directory of directories) {
        const watcher = open(directory, () => true)
        if (watcher !== undefined) watchers.set(directory, watcher)
      }
    },
    close: () => {
      clearInterval(poll)
      for (const watcher of [...watchers.values(), ...parents]) watcher?.close()
    },
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
}
