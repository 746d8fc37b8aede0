import { CommandFailure, EXIT } from '../output/exit-code.ts'
import { textOf } from '../store/config-files.ts'
import { stageFiles, type FileChange } from '../store/write-files.ts'

/** Replaces the texts of files as a whole, all of them or none; not when somebody else has changed one since it was read. */
export function replaceTexts(changes: readonly FileChange[]): void {
  const staged = stageFiles(changes)
  try {
    const changed = changes.find(({ path, before }) => textOf(path) !== before)
    if (changed !== undefined)
      throw new CommandFailure(EXIT.negative, `Nothing is changed: "${changed.path}" has changed since it was read.`)
    staged.commit()
  } finally {
    staged.discard()
  }
}
