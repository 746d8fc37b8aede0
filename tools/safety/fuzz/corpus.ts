import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const CORPUS = join(import.meta.dirname, '../corpus')

/** Inputs that are kept for a target: by what once failed. */
export function readCorpus(target: string): ReadonlyMap<string, Uint8Array> {
  const folder = join(CORPUS, target)
  const names = existsSync(folder) ? readdirSync(folder).toSorted() : []
  return new Map(names.map((name) => [name, Uint8Array.from(readFileSync(join(folder, name)))]))
}

/** Keeps an input; answers its file. */
export function keepInput(target: string, bytes: Uint8Array): string {
  const folder = join(CORPUS, target)
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}.bin`)
  writeFileSync(file, bytes)
  return file
}
