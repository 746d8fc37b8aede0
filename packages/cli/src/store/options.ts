import { InvalidArgumentError, Option, type Command } from 'commander'

/** Flags of the commands that change the configuration. */
export interface ChangeFlags {
  readonly filename?: readonly string[]
  readonly recursive?: boolean
  readonly namespace?: string
  readonly dryRun?: boolean
  /** In percent; absent: it is not waited. */
  readonly wait?: number
  /** A duration as text. */
  readonly timeout: string
  readonly output: ChangeFormat
}

export type ChangeFormat = 'table' | 'name' | 'json' | 'yaml'

/** Adds `-f`, `-R`, `-n`, `--dry-run`, `--wait`, `--timeout` and `-o`. */
export function addChangeOptions(command: Command, formats: readonly ChangeFormat[]): Command {
  return bareWait(command)
    .addOption(filenameOption())
    .option('-R, --recursive', 'take the folders below too')
    .option('-n, --namespace <namespace>', 'namespace of what names none')
    .addOption(new Option('--dry-run [how]', 'only say what would be done').argParser(dryRun))
    .addOption(new Option('--wait [percent]', 'wait until so many of the proxies concerned serve it, 100 unless said').argParser(percent))
    .option('--timeout <duration>', 'how long to wait, like 30s or 1m; a number alone is seconds', '30s')
    .addOption(new Option('-o, --output <format>', 'how to print').choices(formats).default('table'))
}

/** `-f`, as often as there are files. */
export function filenameOption(): Option {
  return new Option('-f, --filename <path>', 'file, folder, or - for standard input').argParser(
    (path: string, paths: string[] | undefined) => [...(paths ?? []), path],
  )
}

/** `--wait` alone means all; without this the next word would be taken for its value. */
function bareWait(command: Command): Command {
  const parse = command.parseOptions.bind(command)
  command.parseOptions = (args) => parse(args.map((arg) => (arg === '--wait' || arg === '--dry-run' ? `${arg}=${BARE[arg]}` : arg)))
  return command
}

const BARE = { '--wait': '100', '--dry-run': 'client' } as const

function percent(text: string): number {
  const value = Number(text.replace(/%$/, ''))
  if (!/^\d{1,3}(?:\.\d+)?%?$/.test(text) || value <= 0 || value > 100)
    throw new InvalidArgumentError('It takes a percentage above 0, up to 100.')
  return value
}

/** kubectl's words; there is no server that could try it. */
function dryRun(text: string): boolean {
  if (text === 'none') return false
  if (text !== 'client' && text !== 'server') throw new InvalidArgumentError('It takes client, server or none.')
  return true
}
