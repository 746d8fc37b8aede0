import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** Writes a file so that no reader ever sees half of it; only this user may read it. */
export function writeWhole(path: string, text: string): void {
  const unfinished = join(dirname(path), `.${basename(path)}.new`)
  writeFileSync(unfinished, text, { mode: 0o600 })
  renameSync(unfinished, path)
}

/** Makes folders that only this user may enter. */
export function makeFolders(...paths: readonly string[]): void {
  for (const path of paths) mkdirSync(path, { recursive: true, mode: 0o700 })
}

/** Removes folders and all in them. */
export function removeFolders(...paths: readonly string[]): void {
  for (const path of paths) rmSync(path, { recursive: true, force: true })
}
