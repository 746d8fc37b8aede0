import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { ConfigSource } from '@mesh/core/config'
import { LIMITS } from '../limits.ts'

/** What lies in a directory and below it. */
export interface DirectoryContent {
  /** In the order of their paths. */
  readonly sources: readonly ConfigSource[]
  /** The directory itself and those below, to be watched. */
  readonly directories: readonly FoundDirectory[]
  /** What could not be read, one sentence each. */
  readonly problems: readonly string[]
}

export interface FoundDirectory {
  readonly path: string
  /** Another one for another directory of the same path. */
  readonly id: string
}

/**
 * Reads all YAML and JSON files of a directory, links followed, as Kubernetes mounts them; names that begin with a dot are passed over.
 * A file that goes away meanwhile is not there; a directory that does not exist is empty.
 */
export async function readDirectory(root: string): Promise<DirectoryContent> {
  const found: Found = { files: [], directories: [], problems: [] }
  await walk(root, 0, found)
  const sources: ConfigSource[] = []
  for (const file of found.files.sort()) {
    const text = await readText(file, found.problems)
    if (text !== undefined) sources.push({ file, text })
  }
  return { sources, directories: found.directories, problems: found.problems }
}

interface Found {
  readonly files: string[]
  readonly directories: FoundDirectory[]
  readonly problems: string[]
}

async function walk(directory: string, depth: number, found: Found): Promise<void> {
  const facts = await orNothing(stat(directory))
  const names = await orNothing(readdir(directory))
  if (names === undefined || facts === undefined) return
  found.directories.push({ path: directory, id: `${facts.dev}:${facts.ino}` })
  for (const name of names.sort()) {
    if (name.startsWith('.')) continue
    const path = join(directory, name)
    const entry = await orNothing(stat(path))
    if (entry?.isDirectory() === true) await below(path, depth + 1, found)
    else if (entry?.isFile() === true && /\.(?:ya?ml|json)$/i.test(name)) addFile(path, entry.size, found)
  }
}

async function below(directory: string, depth: number, found: Found): Promise<void> {
  if (depth > LIMITS.maxDirectoryDepth) found.problems.push(`${directory} lies too deep and is not read`)
  else await walk(directory, depth, found)
}

function addFile(path: string, bytes: number, found: Found): void {
  if (found.files.length >= LIMITS.maxFiles) found.problems.push(`${path} is one file too many and is not read`)
  else if (bytes > LIMITS.maxFileBytes) found.problems.push(`${path} is larger than ${LIMITS.maxFileBytes} bytes and is not read`)
  else found.files.push(path)
}

async function readText(file: string, problems: string[]): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') problems.push(`${file} cannot be read: ${codeOf(error) ?? 'unknown'}`)
    return undefined
  }
}

async function orNothing<Value>(asked: Promise<Value>): Promise<Value | undefined> {
  try {
    return await asked
  } catch {
    return undefined
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined
}
