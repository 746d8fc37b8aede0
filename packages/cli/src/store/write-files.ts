import { closeSync, fchmodSync, fsyncSync, mkdirSync, openSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { CommandFailure, EXIT } from '../output/exit-code.ts'

/** What becomes of a file: its whole new text, or that it goes. */
export interface FileChange {
  readonly path: string
  /** Undefined: there is no such file before. */
  readonly before: string | undefined
  /** Undefined: the file goes. */
  readonly after: string | undefined
}

/** New texts beside their files, so that nothing can fail half-way any more. */
export interface StagedFiles {
  /** Puts all of them in place, in order: each is there whole or not at all. */
  commit(): void
  /** Takes away what was not put in place. */
  discard(): void
}

/** Writes the new texts beside the files that they are for; fails with a sentence when that cannot be done. */
export function stageFiles(changes: readonly FileChange[]): StagedFiles {
  const staged: StagedFile[] = []
  const discard = (): void => {
    for (const { temporary } of staged) if (temporary !== undefined) rmSync(temporary, { force: true })
  }
  try {
    for (const { path, before, after } of changes) {
      const target = realPath(path)
      staged.push({ target, before, temporary: after === undefined ? undefined : writeBeside(target, after) })
    }
  } catch (error) {
    discard()
    throw new CommandFailure(EXIT.negative, `Nothing is changed: ${(error as Error).message}.`)
  }
  return { commit: () => commitAll(staged), discard }
}

interface StagedFile {
  readonly target: string
  readonly before: string | undefined
  /** Undefined: the file goes. */
  readonly temporary: string | undefined
}

/** When one cannot be put in place, those before it are put back. */
function commitAll(staged: readonly StagedFile[]): void {
  const done: StagedFile[] = []
  try {
    for (const file of staged) {
      if (file.temporary === undefined) rmSync(file.target, { force: true })
      else renameSync(file.temporary, file.target)
      done.push(file)
    }
  } catch (error) {
    for (const { target, before } of done.reverse()) {
      if (before === undefined) rmSync(target, { force: true })
      else writeFileSync(target, before)
    }
    throw new CommandFailure(EXIT.negative, `Nothing is changed: ${(error as Error).message}.`)
  }
}

/** A link stays one: what it leads to is changed. */
function realPath(path: string): string {
  return statSync(path, { throwIfNoEntry: false }) === undefined ? path : realpathSync(path)
}

/** A name that begins with a dot is none that pilot reads. */
function writeBeside(target: string, text: string): string {
  mkdirSync(dirname(target), { recursive: true })
  const temporary = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`)
  const mode = statSync(target, { throwIfNoEntry: false })?.mode
  const file = openSync(temporary, 'w', 0o666)
  try {
    writeFileSync(file, text)
    if (mode !== undefined) fchmodSync(file, mode & 0o777)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  return temporary
}
