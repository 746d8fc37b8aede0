import type { BigIntStats, Dirent } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { LIMITS, type Limits } from './limits.ts'
import { codeOf, isGone } from './fs-code.ts'
import { several } from './several.ts'

/** What lies in a directory and below it. */
export interface Walk {
  readonly root: string
  /** There is no such directory. */
  readonly gone: boolean
  /** YAML and JSON files, in the order of their paths. */
  readonly files: readonly FoundFile[]
  /** The directory itself and those below, to be watched. */
  readonly directories: readonly FoundDirectory[]
  /** Files and directories that are there and were not looked at, for want of right or room: nothing can be said about what lies in them. */
  readonly unknown: readonly string[]
  /** What is not read, one sentence each. */
  readonly problems: readonly string[]
}

export interface FoundFile {
  readonly path: string
  readonly bytes: number
  /** Another one for another content, unless it changed twice within a moment. */
  readonly stamp: string
  /** Unix milliseconds. */
  readonly changedAtMs: number
}

export interface FoundDirectory {
  readonly path: string
  /** Another one for another directory of the same path. */
  readonly id: string
}

/**
 * Walks a directory; names that begin with a dot are passed over, and one that is not there has nothing in it. Links are followed as far as they
 * stay inside, as those of a mounted ConfigMap do: a checkout of foreign configuration must not make pilot read its own secrets.
 */
export async function walkDirectory(root: string, limits: Limits = LIMITS): Promise<Walk> {
  const found: Found = { limits, root: '', files: [], directories: [], unknown: [], problems: [], entries: 0 }
  found.root = (await tried(root, realpath(root), found)) ?? ''
  if (found.root !== '') await enter(root, [], found)
  const { directories, unknown, problems } = found
  const gone = directories.length === 0 && problems.length === 0
  return { root, gone, files: found.files.sort((left, right) => (left.path < right.path ? -1 : 1)), directories, unknown, problems }
}

interface Found {
  readonly limits: Limits
  /** Where the walk began, without links. */
  root: string
  readonly files: FoundFile[]
  readonly directories: FoundDirectory[]
  readonly unknown: string[]
  readonly problems: string[]
  entries: number
}

/** `above` are the ids of the directories around it: a link back to one of them would have no end. */
async function enter(directory: string, above: readonly string[], found: Found): Promise<void> {
  const facts = await look(directory, found)
  if (facts?.isDirectory() !== true) return
  const id = `${facts.dev}:${facts.ino}`
  const refusal = refusalOf(id, above, found)
  if (refusal !== undefined) return refuse(directory, refusal, found)
  const entries = await tried(directory, readdir(directory, { withFileTypes: true }), found)
  if (entries === undefined) return
  found.directories.push({ path: directory, id })
  for (const path of await lookAt(directory, entries, found)) await enter(path, [...above, id], found)
}

function refusalOf(id: string, above: readonly string[], { directories, limits }: Found): string | undefined {
  if (above.includes(id)) return 'is a link to a directory around it and is not read'
  if (above.length > limits.maxDirectoryDepth) return 'lies too deep and is not read'
  return directories.length >= limits.maxDirectories ? 'is one directory too many and is not read' : undefined
}

/** Notes the files of a directory; answers the directories in it, in order. */
async function lookAt(directory: string, entries: readonly Dirent[], found: Found): Promise<readonly string[]> {
  const concerned = entries.filter(mayConcern).sort((left, right) => (left.name < right.name ? -1 : 1))
  found.entries += entries.length
  if (found.entries > found.limits.maxEntries) {
    refuse(directory, 'holds too many names and is not read', found)
    return []
  }
  const facts = await several(concerned, (entry) => lookInside(join(directory, entry.name), entry, found))
  const paths = concerned.map(({ name }) => join(directory, name))
  for (const [index, path] of paths.entries()) addFile(path, facts[index], found)
  return paths.filter((_path, index) => facts[index]?.isDirectory() === true)
}

function mayConcern(entry: Dirent): boolean {
  return !entry.name.startsWith('.') && (!entry.isFile() || CONFIGURATION.test(entry.name))
}

const CONFIGURATION = /\.(?:ya?ml|json)$/i

async function lookInside(path: string, entry: Dirent, found: Found): Promise<BigIntStats | undefined> {
  if (!entry.isSymbolicLink()) return look(path, found)
  const real = await tried(path, realpath(path), found)
  if (real === undefined) return undefined
  if (real === found.root || real.startsWith(`${found.root}${sep}`)) return look(path, found)
  refuse(path, 'is a link that leads out of its directory and is not followed', found)
  return undefined
}

function addFile(path: string, facts: BigIntStats | undefined, found: Found): void {
  if (facts?.isFile() !== true || !CONFIGURATION.test(path)) return
  if (found.files.length >= found.limits.maxFiles) return refuse(path, 'is one file too many and is not read', found)
  const { dev, ino, size, mtimeNs, ctimeNs } = facts
  const changedAtMs = Number((mtimeNs > ctimeNs ? mtimeNs : ctimeNs) / 1_000_000n)
  found.files.push({ path, bytes: Number(size), stamp: `${dev}:${ino}:${size}:${mtimeNs}:${ctimeNs}`, changedAtMs })
}

function look(path: string, found: Found): Promise<BigIntStats | undefined> {
  return tried(path, stat(path, { bigint: true }), found)
}

async function tried<Value>(path: string, asked: Promise<Value>, found: Found): Promise<Value | undefined> {
  try {
    return await asked
  } catch (error) {
    if (isGone(error)) return undefined
    refuse(path, `cannot be read: ${codeOf(error)}`, found)
    return undefined
  }
}

/** What is not read is not gone: whoever knows what it said holds on to that. */
function refuse(path: string, why: string, { unknown, problems }: Found): void {
  unknown.push(path)
  problems.push(`${path} ${why}`)
}
