import type { Svid, SvidSource } from '@mesh/core/identity'

/** The SVID of this process, as another thread sends it. */
export interface SvidInbox extends SvidSource {
  put(svid: Svid): void
}

/** Without one yet. */
export function createSvidInbox(): SvidInbox {
  const watchers = new Set<(svid: Svid) => void>()
  let current: Svid | undefined
  return {
    get current() {
      return current
    },
    watch(onSvid) {
      watchers.add(onSvid)
      if (current !== undefined) onSvid(current)
      return () => watchers.delete(onSvid)
    },
    put(svid) {
      current = svid
      for (const watcher of [...watchers]) watcher(svid)
    },
    close: () => watchers.clear(),
  }
}
