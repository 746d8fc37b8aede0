import type { Command } from 'commander'
import { outputOption } from '../output/options.ts'
import type { Format } from '../output/print.ts'
import type { Exit } from '../run-meshctl.ts'

/** Adds `meshctl status`. */
export function addStatusCommand(program: Command, exit: Exit): void {
  program
    .command('status')
    .description('the processes of the mesh that runs here: what is ready, what is not and why, restarts, ages')
    .addOption(outputOption())
    .action(async (flags: { readonly output: Format }) => {
      const { runStatus } = await import('./run-status.ts')
      exit(await runStatus(process.cwd(), flags.output))
    })
}
