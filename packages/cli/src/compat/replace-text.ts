import { readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { CommandFailure, EXIT } from '../output/exit-code.ts'

/** Replaces the text of a file as a whole, behind links too, with its permissions; not when somebody else has changed it since it was read. */
export function replaceText(path: string, { before, after }: { readonly before: string; readonly after: string }): void {
  try {
    const file = realpathSync(path)
    const unfinished = join(dirname(file), `.${basename(file)}.${process.pid}.new`)
    writeFileSync(unfinished, after, { mode: statSync(file).mode & 0o777, flag: 'wx' })
    try {
      if (readFileSync(file, 'utf8') !== before) throw new Error('it has changed since it was read')
      renameSync(unfinished, file)
    } finally {
      rmSync(unfinished, { force: true })
    }
  } catch (error) {
    throw new CommandFailure(EXIT.negative, `"${path}" cannot be written: ${error instanceof Error ? error.message : String(error)}.`)
  }
}
