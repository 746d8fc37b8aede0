import { lstatSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { CommandFailure, EXIT } from '../output/exit-code.ts'
import { besideOf, makeFolder, removeEmpty, writeBeside } from './beside.ts'

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
  /** Takes away what was not put in place, and folders that were made for it. */
  discard(): void
}

/** Writes the new texts beside the files that they are for; fails with a sentence when that cannot be done. */
export function stageFiles(changes: readonly FileChange[]): StagedFiles {
  const staged: StagedFile[] = []
  const made: string[] = []
  const discard = (): void => {
    for (const { beside } of staged) rmSync(beside, { force: true })
    for (const folder of made.toReversed()) removeEmpty(folder)
  }
  try {
    for (const { path, before, after } of changes) {
      const target = after === undefined ? path : realPath(path)
      made.push(...makeFolder(target))
      const file = { target, before, goes: after === undefined, beside: besideOf(target) }
      staged.push(file)
      if (after !== undefined) writeBeside(file, after)
    }
  } catch (error) {
    discard()
    throw nothingChanged((error as Error).message)
  }
  return { commit: () => commitAll(staged), discard }
}

interface StagedFile {
  readonly target: string
  readonly before: string | undefined
  readonly goes: boolean
  /** Its new text waits there; what goes is moved there. */
  readonly beside: string
}

/** When one cannot be put in place, those before it are put back. */
function commitAll(staged: readonly StagedFile[]): void {
  const hidden = staged.find(({ target, before }) => before === undefined && isThere(target))
  if (hidden !== undefined) throw nothingChanged(`${hidden.target} is there already, and cannot be read as configuration`)
  const done: StagedFile[] = []
  try {
    for (const file of staged) {
      if (file.goes) moveAway(file)
      else renameSync(file.beside, file.target)
      done.push(file)
    }
  } catch (error) {
    for (const file of done.reverse()) putBack(file)
    throw nothingChanged((error as Error).message)
  }
}

function moveAway({ target, beside }: StagedFile): void {
  if (isThere(target)) renameSync(target, beside)
}

function putBack({ target, before, goes, beside }: StagedFile): void {
  if (goes) {
    if (isThere(beside)) renameSync(beside, target)
  } else if (before === undefined) rmSync(target, { force: true })
  else writeFileSync(target, before)
}

/** A link stays one: what it leads to is changed. One that goes goes itself. */
function realPath(path: string): string {
  return statSync(path, { throwIfNoEntry: false }) === undefined ? path : realpathSync(path)
}

/** A link that leads nowhere is there too. */
function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined
}

function nothingChanged(why: string): CommandFailure {
  return new CommandFailure(EXIT.negative, `Nothing is changed: ${why}.`)
}
