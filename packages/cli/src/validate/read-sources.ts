import { readdirSync, readFileSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'
import type { ConfigSource } from '@mesh/core/config'
import { CLI_LIMITS } from '../limits.ts'
import { CommandFailure, EXIT } from '../output/exit-code.ts'

const EXTENSIONS = new Set(['.yaml', '.yml', '.json'])

/** What becomes of a file or folder that is there and cannot be read, like a link that leads nowhere. */
export type OnUnreadable = (path: string, reason: string) => void

/** The texts behind `-f`: files, the YAML and JSON files of folders, and `-` for standard input; unless told otherwise, all must be readable. */
export async function readSources(
  paths: readonly string[],
  recursive: boolean,
  onUnreadable: OnUnreadable = refuse,
): Promise<readonly ConfigSource[]> {
  const sources: ConfigSource[] = []
  for (const path of paths) {
    if (path === '-') sources.push({ file: 'stdin', text: await readStdin() })
    else sources.push(...sourcesAt(path, recursive, onUnreadable))
    if (sources.length > CLI_LIMITS.maxFiles) throw new CommandFailure(EXIT.usage, `More than ${CLI_LIMITS.maxFiles} files.`)
  }
  return sources
}

function refuse(path: string, reason: string): never {
  throw new CommandFailure(EXIT.usage, `"${path}" cannot be read: ${reason}.`)
}

function sourcesAt(path: string, recursive: boolean, onUnreadable: OnUnreadable): readonly ConfigSource[] {
  return filesAt(path, recursive, onUnreadable).flatMap((file) => {
    const text = attempt(() => readFileSync(file, 'utf8'), file, onUnreadable)
    return text === undefined ? [] : [{ file, text }]
  })
}

function filesAt(path: string, recursive: boolean, onUnreadable: OnUnreadable): readonly string[] {
  const isFolder = attempt(() => isFolderAt(path), path, onUnreadable)
  if (isFolder === undefined) return []
  if (!isFolder) return [path]
  return (attempt(() => readdirSync(path, { withFileTypes: true }), path, onUnreadable) ?? [])
    .filter((entry) => !entry.name.startsWith('.'))
    .sort((left, right) => (left.name < right.name ? -1 : 1))
    .flatMap((entry) => {
      if (entry.isDirectory()) return recursive ? filesAt(join(path, entry.name), true, onUnreadable) : []
      return EXTENSIONS.has(extname(entry.name)) ? [join(path, entry.name)] : []
    })
}

function isFolderAt(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) throw new CommandFailure(EXIT.usage, `There is no file or folder "${path}".`)
  return found.isDirectory()
}

function attempt<T>(read: () => T, path: string, onUnreadable: OnUnreadable): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof CommandFailure) throw error
    onUnreadable(path, error instanceof Error ? error.message : String(error))
    return undefined
  }
}

async function readStdin(): Promise<string> {
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of process.stdin as AsyncIterable<Buffer>) {
    bytes += piece.length
    if (bytes > CLI_LIMITS.maxStdinBytes) throw new CommandFailure(EXIT.usage, 'Standard input is too large.')
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('utf8')
}
