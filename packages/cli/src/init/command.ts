import { InvalidArgumentError, Option, type Command } from 'commander'
import type { Exit } from '../run-meshctl.ts'

interface Flags {
  readonly name?: string
  readonly port?: number
  readonly yes: boolean
}

/** Adds `meshctl init`. */
export function addInitCommand(program: Command, exit: Exit): void {
  program
    .command('init')
    .description('begin a mesh in a folder: mesh.yaml and an example that runs at once')
    .argument('[folder]', 'made when it is not there', '.')
    .option('--name <name>', 'name of the mesh; else that of the folder')
    .addOption(new Option('--port <port>', 'where callers from outside come in; else 8080').argParser(port))
    .option('-y, --yes', 'ask nothing', false)
    .action(async (folder: string, flags: Flags) => {
      const { runInit } = await import('./run-init.ts')
      exit(await runInit({ folder, name: flags.name, port: flags.port, ask: !flags.yes && process.stdin.isTTY && process.stdout.isTTY }))
    })
}

function port(text: string): number {
  const value = Number(text)
  if (!/^\d{1,5}$/.test(text) || value < 1 || value > 65_535) throw new InvalidArgumentError('It must be a number from 1 to 65535.')
  return value
}
