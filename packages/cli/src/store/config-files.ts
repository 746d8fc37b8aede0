import { lstatSync, readdirSync, readFileSync, realpathSync, statSync, type Stats } from 'node:fs'
import { join } from 'node:path'
import { CommandFailure, EXIT } from '../output/exit-code.ts'
import { STORE_LIMITS } from './limits.ts'

/** The YAML and JSON files of a folder and those below it, links followed, as pilot reads them; names that begin with a dot are passed over. */
export function configFiles(folder: string, depth = 0): readonly string[] {
  if (depth > STORE_LIMITS.maxFolderDepth) return []
  const files = namesIn(folder).flatMap((name) => {
    const path = join(folder, name)
    const found = attempt(() => statSync(path))
    if (found?.isDirectory() === true) return configFiles(path, depth + 1)
    return isConfigFile(name, found) ? path : []
  })
  if (files.length > STORE_LIMITS.maxFiles)
    throw new CommandFailure(EXIT.negative, `${folder} holds more than ${STORE_LIMITS.maxFiles} files.`)
  return files
}

/** The text of a file; undefined when it is not there, or not to be read by this user. */
export function textOf(path: string): string | undefined {
  return attempt(() => readFileSync(path, 'utf8'))
}

/** Links followed, where the file is there. */
export function realPathOf(path: string): string {
  return attempt(() => realpathSync(path)) ?? path
}

/** Whether a path is a link itself. */
export function isLink(path: string): boolean {
  return attempt(() => lstatSync(path))?.isSymbolicLink() === true
}

function namesIn(folder: string): readonly string[] {
  return (attempt(() => readdirSync(folder)) ?? []).filter((name) => !name.startsWith('.')).sort()
}

function isConfigFile(name: string, found: Stats | undefined): boolean {
  return found?.isFile() === true && found.size <= STORE_LIMITS.maxFileBytes && /\.(?:ya?ml|json)$/i.test(name)
}

function attempt<Value>(read: () => Value): Value | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
