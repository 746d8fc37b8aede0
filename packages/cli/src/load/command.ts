import { InvalidArgumentError, Option, type Command } from 'commander'
import { CLI_LIMITS } from '../limits.ts'
import { headerOption } from '../output/options.ts'
import type { Exit } from '../run-meshctl.ts'

interface Flags {
  readonly requests: number
  readonly concurrency: number
  readonly rate?: number
  readonly header: readonly string[]
  readonly method: string
  readonly data?: string
  readonly output: 'table' | 'json'
}

/** Adds `meshctl load`. */
export function addLoadCommand(program: Command, exit: Exit): void {
  program
    .command('load')
    .description('send many requests and tell how they fared, and which versions served them')
    .argument('<url>', 'like http://localhost:8080/productpage')
    .addOption(new Option('-n, --requests <count>', 'how many').argParser(count(CLI_LIMITS.maxLoadRequests)).default(200))
    .addOption(new Option('-c, --concurrency <count>', 'connections at once').argParser(count(CLI_LIMITS.maxLoadConnections)).default(4))
    .addOption(new Option('--rate <count>', 'begin so many a second, however slow the answers').argParser(count(CLI_LIMITS.maxLoadRate)))
    .addOption(headerOption())
    .option('-X, --method <method>', 'request method', 'GET')
    .option('-d, --data <text>', 'request body')
    .addOption(new Option('-o, --output <format>', 'how to print').choices(['table', 'json']).default('table'))
    .action(async (url: string, flags: Flags) => {
      const { runLoad } = await import('./run-load.ts')
      exit(await runLoad({ cwd: process.cwd(), url, ...flags }))
    })
}

function count(max: number): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (!/^\d{1,9}$/.test(text) || value < 1 || value > max) throw new InvalidArgumentError(`It must be a number from 1 to ${max}.`)
    return value
  }
}
