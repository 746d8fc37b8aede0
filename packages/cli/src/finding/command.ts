import type { Command } from 'commander'
import type { Exit } from '../run-meshctl.ts'

/** Adds `meshctl finding`. */
export function addFindingCommand(program: Command, exit: Exit): void {
  program
    .command('finding')
    .description('print the page about a finding: what it means, what to do, and an example of each')
    .argument('[code]', 'its code, like IST0101; without one all codes are listed')
    .action(async (code: string | undefined) => {
      const { runFinding } = await import('./run-finding.ts')
      exit(await runFinding(code))
    })
}
