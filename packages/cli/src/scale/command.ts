import type { Command } from 'commander'
import type { Exit } from '../run-meshctl.ts'

/** Adds `meshctl scale`. */
export function addScaleCommand(program: Command, exit: Exit): void {
  program
    .command('scale')
    .description('run more or fewer replicas of a workload, until the mesh stops; mesh.yaml stays as it is')
    .argument('<name=count...>', 'like reviews-v1=3')
    .action(async (wishes: readonly string[]) => {
      const { runScale } = await import('./run-scale.ts')
      exit(await runScale(process.cwd(), wishes))
    })
}
