import { closeSync, fchmodSync, fsyncSync, mkdirSync, openSync, rmdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

let count = 0

/** A place in the folder of a file for what becomes of it; a name that begins with a dot is none that pilot reads. */
export function besideOf(target: string): string {
  return join(dirname(target), `.${basename(target)}.${process.pid}-${count++}.tmp`)
}

/** Writes a text to its place beside a file, through to the disk, with the permissions of the file. */
export function writeBeside({ target, beside }: { readonly target: string; readonly beside: string }, text: string): void {
  const mode = statSync(target, { throwIfNoEntry: false })?.mode
  // One that was killed may have had the same name.
  rmSync(beside, { force: true })
  const file = openSync(beside, 'wx', 0o666)
  try {
    writeFileSync(file, text)
    if (mode !== undefined) fchmodSync(file, mode & 0o777)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** Makes the folder of a file; answers which were not there before, the outer ones first. */
export function makeFolder(target: string): readonly string[] {
  const folder = dirname(target)
  const first = mkdirSync(folder, { recursive: true })
  if (first === undefined) return []
  const made: string[] = []
  for (let one = folder; one.length >= first.length; one = dirname(one)) made.unshift(one)
  return made
}

/** Nothing happens to a folder in which something is. */
export function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder)
  } catch {
    // It is in use.
  }
}
