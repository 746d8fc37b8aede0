import { setImmediate } from 'node:timers/promises'
import { CommandFailure, EXIT } from '../output/exit-code.ts'
import { refuseInterrupted } from './interrupt.ts'
import { STORE_LIMITS } from './limits.ts'
import { withLock } from './lock.ts'
import type { StoreFolders } from './store-folders.ts'
import type { StorePlan } from './store-plan.ts'
import { readStore, readTexts, type FileText, type Store } from './store.ts'
import { stageFiles, type FileChange } from './write-files.ts'

/**
 * Changes the files of a mesh: reads all, lets `plan` say what is to change, and writes whole files.
 * Until the first is written an interrupt stops it. Other meshctls wait; when somebody saves a file meanwhile, the plan is made anew on what was saved.
 */
export function changeStore<Plan extends Pick<StorePlan, 'changes'>>(
  folders: StoreFolders,
  plan: (store: Store) => Plan,
  interrupt?: AbortSignal,
): Promise<Plan> {
  const change = async (): Promise<Plan> => {
    for (let attempt = 0; attempt < STORE_LIMITS.maxTries; attempt++) {
      const store = readStore(folders)
      const planned = plan(store)
      await signalsSeen()
      refuseInterrupted(interrupt)
      if (planned.changes.length === 0 || commit(folders, store, planned.changes)) return planned
    }
    throw new CommandFailure(EXIT.negative, 'The configuration keeps changing while it is read; nothing was changed. Try again.')
  }
  return withLock(folders.config[0], change, interrupt)
}

/** A signal that came while the plan was made has been told after a whole turn of the event loop. */
async function signalsSeen(): Promise<void> {
  await setImmediate()
  await setImmediate()
}

/** False when somebody has saved something since the store was read. */
function commit(folders: StoreFolders, store: Store, changes: readonly FileChange[]): boolean {
  const staged = stageFiles(changes)
  try {
    if (!isSame(store, readTexts(folders))) return false
    staged.commit()
    return true
  } finally {
    staged.discard()
  }
}

function isSame({ files }: Store, now: readonly FileText[]): boolean {
  const texts = new Map(files.map(({ path, text }) => [path, text]))
  return now.length === texts.size && now.every(({ path, text }) => texts.get(path) === text)
}
