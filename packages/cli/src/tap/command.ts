import { InvalidArgumentError, Option, type Command } from 'commander'
import type { Exit } from '../run-meshctl.ts'

interface Flags {
  readonly to?: string
  readonly from?: string
  readonly status?: string
  readonly once: boolean
  readonly last?: number
  readonly output: 'text' | 'json'
}

/** Adds `meshctl tap`. */
export function addTapCommand(program: Command, exit: Exit): void {
  program
    .command('tap')
    .description('calls and connections of all proxies, live, each with what decided; Ctrl-C ends it')
    .option('--to <name>', 'only calls of this service, workload or app')
    .option('--from <name>', 'only calls that this workload or app sends')
    .option('--status <status>', 'only these answers: 5xx, 404, or several with commas')
    .option('--once', 'tell what is remembered, and end', false)
    .addOption(new Option('--last <number>', 'tell only so many, the last that are remembered, and end').argParser(count))
    .addOption(new Option('-o, --output <format>', 'how to print; json is one object per line').choices(['text', 'json']).default('text'))
    .action(async ({ to, from, status, once, last = once ? Number.POSITIVE_INFINITY : undefined, output }: Flags) => {
      const { runTap } = await import('./run-tap.ts')
      exit(await runTap({ cwd: process.cwd(), to, from, status, last, output }))
    })
}

function count(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError('It must be a number.')
  return Number(text)
}
