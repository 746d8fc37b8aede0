import { readdirSync, readFileSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'
import type { ConfigSource } from '@mesh/core/config'
import { CLI_LIMITS } from '../limits.ts'
import { CommandFailure, EXIT } from '../output/exit-code.ts'

const EXTENSIONS = new Set(['.yaml', '.yml', '.json'])

/** The texts behind `-f`: files, the YAML and JSON files of folders, and `-` for standard input. */
export async function readSources(paths: readonly string[], recursive: boolean): Promise<readonly ConfigSource[]> {
  const sources: ConfigSource[] = []
  for (const path of paths) {
    if (path === '-') sources.push({ file: 'stdin', text: await readStdin() })
    else for (const file of filesAt(path, recursive)) sources.push({ file, text: readText(file) })
    if (sources.length > CLI_LIMITS.maxFiles) throw new CommandFailure(EXIT.usage, `More than ${CLI_LIMITS.maxFiles} files.`)
  }
  return sources
}

function filesAt(path: string, recursive: boolean): readonly string[] {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) throw new CommandFailure(EXIT.usage, `There is no file or folder "${path}".`)
  if (!found.isDirectory()) return [path]
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => !entry.name.startsWith('.'))
    .sort((left, right) => (left.name < right.name ? -1 : 1))
    .flatMap((entry) => {
      if (entry.isDirectory()) return recursive ? filesAt(join(path, entry.name), true) : []
      return EXTENSIONS.has(extname(entry.name)) ? [join(path, entry.name)] : []
    })
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new CommandFailure(EXIT.usage, `"${file}" cannot be read: ${error instanceof Error ? error.message : String(error)}.`)
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
