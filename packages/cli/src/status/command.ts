import type { Command } from 'commander'
import { namespaceOption, outputOption, pilotOption } from '../output/options.ts'
import type { Format } from '../output/print.ts'
import type { Exit } from '../run-meshctl.ts'

interface Flags {
  readonly namespace?: string
  readonly output: Format
  readonly pilot?: string
}

/** Adds `meshctl proxy-status`. */
export function addProxyStatusCommand(program: Command, exit: Exit): void {
  program
    .command('proxy-status')
    .alias('ps')
    .description('how far each proxy is with what pilot serves: SYNCED, STALE, NOT SENT or ERROR')
    .argument('[proxy]', 'one proxy, like reviews-v1-0 or reviews-v1-0.default')
    .addOption(namespaceOption())
    .addOption(pilotOption())
    .addOption(outputOption())
    .action(async (name: string | undefined, flags: Flags) => {
      const { runProxyStatus } = await import('./run-proxy-status.ts')
      exit(await runProxyStatus({ name, pilot: flags.pilot, namespace: flags.namespace, output: flags.output }))
    })
}
