import { Option, type Command } from 'commander'
import type { Exit } from '../run-meshctl.ts'
import { SHELLS, type Shell } from './shell-text.ts'

/** Adds `meshctl env`. */
export function addEnvCommand(program: Command, exit: Exit): void {
  program
    .command('env')
    .description('what a shell or a debugger needs to be a workload: eval "$(meshctl env reviews-v1)"')
    .argument('<name>', 'a workload or a replica, like reviews-v1 or reviews-v1-0')
    .addOption(new Option('--shell <shell>', 'in whose words; fish takes those of sh too').choices(SHELLS).default('sh'))
    .action(async (name: string, flags: { readonly shell: Shell }) => {
      const { runEnv } = await import('./run-env.ts')
      exit(await runEnv({ cwd: process.cwd(), name, shell: flags.shell }))
    })
}
