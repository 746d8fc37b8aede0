import type { Command } from 'commander'
import { outputOption } from '../output/options.ts'
import type { Format } from '../output/print.ts'
import type { Exit } from '../run-meshctl.ts'

/** Adds `meshctl trace`. */
export function addTraceCommand(program: Command, exit: Exit): void {
  program
    .command('trace')
    .description('the way that one request took through the mesh, with times and what decided at each place; needs no collector')
    .argument('<id>', 'the beginning of its request id (x-request-id) or trace id, at least 3 characters')
    .addOption(outputOption())
    .action(async (id: string, { output }: { readonly output: Format }) => {
      const { runTrace } = await import('./run-trace.ts')
      exit(await runTrace({ cwd: process.cwd(), id, output }))
    })
}
