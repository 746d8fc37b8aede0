import type { Command } from 'commander'
import { outputOption, pilotOption } from '../output/options.ts'
import type { Format } from '../output/print.ts'
import type { Exit } from '../run-meshctl.ts'

/** Adds `meshctl version`. */
export function addVersionCommand(program: Command, exit: Exit): void {
  program
    .command('version')
    .description('versions of this program, the control plane and the proxies')
    .addOption(pilotOption())
    .addOption(outputOption())
    .action(async (flags: { readonly pilot?: string; readonly output: Format }) => {
      const { runVersion } = await import('./run-version.ts')
      exit(await runVersion({ pilot: flags.pilot, output: flags.output }))
    })
}
