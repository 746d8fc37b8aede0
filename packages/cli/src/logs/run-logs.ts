import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { findMesh, lookForMesh, lookFromHere } from '../mesh/find-mesh.ts'
import { CommandFailure, EXIT, type ExitCode } from '../output/exit-code.ts'
import { isColourful } from '../output/print.ts'
import { followLog, type LogFollower } from './follow-log.ts'
import { FOLLOW_POLL_MS, FOLLOW_TAIL, LOOK_AROUND_EVERY, MAX_READ_BYTES, MIN_FILE_BYTES } from './limits.ts'
import { chooseLogs, isChosen, listLogs, type LogFile } from './log-files.ts'
import type { LogKind } from './log-kind.ts'
import { mergeLines } from './merge-lines.ts'
import { readLog } from './read-log.ts'
import { lineShower, type ShowOptions } from './show-line.ts'

export interface LogsOptions extends Pick<ShowOptions, 'timestamps' | 'raw'> {
  readonly cwd: string
  readonly names: readonly string[]
  readonly kinds: readonly LogKind[] | undefined
  readonly follow: boolean
  readonly sinceMs: number | undefined
  readonly tail?: number
}

/** `meshctl logs`: what is in the logs, and with `--follow` what comes. */
export async function runLogs(options: LogsOptions): Promise<ExitCode> {
  const dir = meshFolder(options.cwd)
  const folder = join(dir, LOGS)
  const logs = chooseLogs(listLogs(folder), options)
  process.stdout.on('error', () => process.exit(EXIT.ok))
  const show = lineShower({ ...options, prefix: !isAlone(logs, options), colour: isColourful() }, logs)
  const ends = showPast(logs, options, show)
  if (!options.follow) return EXIT.ok
  if (lookForMesh(dir) === undefined) throw new CommandFailure(EXIT.unreachable, 'The mesh does not run: there is nothing to follow.')
  await follow({ dir, folder, options, show, followers: new Map([...ends].map(([path, end]) => [path, followLog(path, end)])) })
  process.stderr.write('The mesh has stopped.\n')
  return EXIT.ok
}

const LOGS = '.mesh/logs'

/** The folder of the mesh that runs here or did last, else of the only one that runs elsewhere. */
function meshFolder(cwd: string): string {
  return lookFromHere(cwd, (dir) => (existsSync(join(dir, LOGS)) ? dir : undefined)) ?? findMesh(cwd).dir
}

/** A single log needs no name before each line. */
function isAlone(logs: readonly LogFile[], { names }: LogsOptions): boolean {
  return logs.length === 1 && names.length === 1 && names[0] === logs[0]?.owner
}

type Show = ReturnType<typeof lineShower>

/** Prints what is there; answers where each log goes on. */
function showPast(logs: readonly LogFile[], { follow, sinceMs, tail }: LogsOptions, show: Show): ReadonlyMap<string, number> {
  const maxBytes = Math.max(MIN_FILE_BYTES, Math.floor(MAX_READ_BYTES / Math.max(1, logs.length)))
  const read = logs.map((log) => ({ log, ...readLog(log, maxBytes) }))
  const lines = mergeLines(
    read.map((one) => one.lines),
    { sinceMs, tail: tail ?? (follow && sinceMs === undefined ? FOLLOW_TAIL : undefined) },
  )
  for (const { log, cut } of read) if (cut && tail === undefined && !follow) process.stderr.write(`Earlier lines are in ${log.path}\n`)
  write(lines.map(show))
  return new Map(read.map(({ log, end }) => [log.path, end]))
}

interface Following {
  readonly dir: string
  readonly folder: string
  readonly options: LogsOptions
  readonly show: Show
  readonly followers: Map<string, LogFollower>
}

/** Prints what comes, until the mesh has stopped. */
async function follow({ dir, folder, options, show, followers }: Following): Promise<void> {
  let logs: readonly LogFile[] = []
  for (let look = 0, runs = true; runs; look++) {
    if (look % LOOK_AROUND_EVERY === 0) {
      runs = lookForMesh(dir) !== undefined
      const all = existsSync(folder) ? listLogs(folder) : logs
      logs = all.filter((log) => isChosen(log, all, options))
    }
    for (const log of logs) {
      if (!followers.has(log.path)) followers.set(log.path, followLog(log.path, 0))
      write(
        followers
          .get(log.path)
          ?.lines()
          .map((text) => show({ log, text, atMs: Date.now() })) ?? [],
      )
    }
    if (runs) await new Promise((resolve) => setTimeout(resolve, FOLLOW_POLL_MS))
  }
}

function write(lines: readonly string[]): void {
  if (lines.length > 0) process.stdout.write(`${lines.join('\n')}\n`)
}
