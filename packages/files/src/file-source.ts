import type { ConfigSource } from '@mesh/core/config'
import { COALESCE } from './limits.ts'
import { coalesce } from './coalesce.ts'
import { createFileTexts, type FileTexts } from './file-texts.ts'
import { walkDirectory } from './walk-directory.ts'
import { watchDirectories } from './watch-directories.ts'

/** Configuration in directories, kept up to date. */
export interface FileSource {
  close(): Promise<void>
}

export interface FileSourceOptions {
  readonly directories: readonly string[]
  /** All files as they are now; called once before `startFileSource` resolves, then after each change of their content. */
  readonly onSources: (sources: readonly ConfigSource[]) => void
  readonly log: FileLog
}

/** Takes one event: `event` names it, the fields say the rest. */
export type FileLog = (level: 'warn' | 'error', event: string, fields: Readonly<Record<string, unknown>>) => void

/** Reads the directories, and again whenever something in them changes; equal content is not told twice. */
export async function startFileSource({ directories, onSources, log }: FileSourceOptions): Promise<FileSource> {
  const readers = directories.map((root) => ({ root, texts: createFileTexts() }))
  let told: readonly ConfigSource[] | undefined
  let problems = ''
  let watched = ''
  const read = async (): Promise<void> => {
    const content = await Promise.all(readers.map(readRoot))
    const found = content.flatMap((one) => one.directories)
    // A directory that was replaced by another of the same path needs a new watch.
    const identity = found.map(({ path, id }) => `${path} ${id}`).join('\n')
    if (identity !== watched) watch.set(found.map(({ path }) => path))
    watched = identity
    problems = tellProblems(
      content.flatMap((one) => one.problems),
      problems,
      log,
    )
    const sources = content.flatMap((one) => one.sources)
    if (told !== undefined && isSame(told, sources)) return
    told = sources
    onSources(sources)
  }
  const safely = (): Promise<void> =>
    read().catch((error: unknown) => log('error', 'configuration could not be taken up', { reason: reasonOf(error) }))
  const burst = coalesce({ ...COALESCE, run: safely })
  const watch = watchDirectories({
    roots: directories,
    onChange: burst.poke,
    onProblem: (error) => log('warn', 'directories cannot be watched and are read twice a second', { reason: reasonOf(error) }),
  })
  await safely()
  // What changed between reading and watching is seen by reading once more.
  burst.poke()
  return {
    close: async () => {
      watch.close()
      await burst.close()
    },
  }
}

async function readRoot({ root, texts }: { readonly root: string; readonly texts: FileTexts }) {
  const walk = await walkDirectory(root)
  const { sources, problems } = await texts.read(walk)
  return { sources, directories: walk.directories, problems: [...walk.problems, ...problems] }
}

function isSame(left: readonly ConfigSource[], right: readonly ConfigSource[]): boolean {
  return left.length === right.length && left.every(({ file, text }, index) => right[index]?.file === file && right[index]?.text === text)
}

function tellProblems(problems: readonly string[], before: string, log: FileLog): string {
  const now = problems.join('\n')
  if (now !== before) for (const problem of problems) log('warn', 'a file is not read', { problem })
  return now
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
