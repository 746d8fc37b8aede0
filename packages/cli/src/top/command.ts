import { InvalidArgumentError, Option, type Command } from 'commander'
import { outputOption } from '../output/options.ts'
import type { Format } from '../output/print.ts'
import type { Exit } from '../run-meshctl.ts'

interface Flags {
  readonly once: boolean
  readonly window: number
  readonly output: Format
}

/** Adds `meshctl top`. */
export function addTopCommand(program: Command, exit: Exit): void {
  program
    .command('top')
    .description('calls a second, success, and times (p50, p99) of each workload and service that is called, every second')
    .option('--once', 'print one table, of the time that has passed, and end', false)
    .addOption(new Option('--window <seconds>', 'over so many of the last seconds').argParser(seconds).default(10))
    .addOption(outputOption())
    .action(async ({ once, window, output }: Flags) => {
      const { runTop } = await import('./run-top.ts')
      exit(await runTop({ cwd: process.cwd(), once: once || output !== 'table', windowMs: window * 1000, output }))
    })
}

function seconds(text: string): number {
  const value = /^\d{1,4}$/.test(text) ? Number(text) : 0
  if (value < 1) throw new InvalidArgumentError('It must be a number of seconds.')
  return value
}
