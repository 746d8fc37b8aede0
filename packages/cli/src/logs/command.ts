import { InvalidArgumentError, Option, type Command } from 'commander'
import type { Exit } from '../run-meshctl.ts'
import { LOG_KINDS, type LogKind } from './log-kind.ts'
import { sinceTime } from './since.ts'

interface Flags {
  readonly follow: boolean
  readonly kind?: readonly LogKind[]
  readonly since?: number
  readonly tail?: number
  readonly timestamps: boolean
  readonly raw: boolean
}

/** Adds `meshctl logs`. */
export function addLogsCommand(program: Command, exit: Exit): void {
  program
    .command('logs')
    .description('what the processes of the mesh say, as one stream in order of time')
    .argument('[name...]', 'workloads, replicas or planes, like reviews-v1, reviews-v1-0 or pilot; none: all applications')
    .option('-f, --follow', 'go on with what comes, until the mesh stops', false)
    .addOption(
      new Option('-k, --kind <kinds>', 'app, proxy, access, plane, or several with commas; else what applications say').argParser(kinds),
    )
    .addOption(
      new Option('--since <time>', 'only what is younger: 90s, 1h30m, or a time').argParser((text: string) => sinceTime(text, Date.now())),
    )
    .addOption(new Option('--tail <lines>', 'only the last lines of each log; with --follow 10 unless said').argParser(count))
    .option('-t, --timestamps', 'when each line was written', false)
    .option('--raw', "lines of the mesh's own processes as they were written (JSON)", false)
    .action(async (names: readonly string[], flags: Flags) => {
      const { runLogs } = await import('./run-logs.ts')
      exit(await runLogs({ cwd: process.cwd(), names, kinds: flags.kind, sinceMs: flags.since, ...flags }))
    })
}

function kinds(text: string): readonly LogKind[] {
  const named = text === 'all' ? LOG_KINDS : text.split(',').map((one) => LOG_KINDS.find((kind) => kind === one.trim()))
  const known = named.filter((kind) => kind !== undefined)
  if (known.length < named.length) throw new InvalidArgumentError(`Kinds are ${LOG_KINDS.join(', ')} and all.`)
  return known
}

function count(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a number of lines.')
  return Number(text)
}
