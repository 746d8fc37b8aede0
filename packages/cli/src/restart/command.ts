import type { Command } from 'commander'
import type { Exit } from '../run-meshctl.ts'

/** Adds `meshctl restart`. */
export function addRestartCommand(program: Command, exit: Exit): void {
  program
    .command('restart')
    .description('restart a workload replica by replica, each out of traffic meanwhile, or one replica, or pilot, ca, telemetry')
    .argument('<name>', 'like reviews-v1, reviews-v1-0 or pilot')
    .option('--proxy', 'its sidecars too', false)
    .action(async (name: string, flags: { readonly proxy: boolean }) => {
      const { runRestart } = await import('./run-restart.ts')
      exit(await runRestart({ cwd: process.cwd(), name, proxy: flags.proxy }))
    })
}
