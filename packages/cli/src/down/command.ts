import type { Command } from 'commander'
import type { Exit } from '../run-meshctl.ts'

/** Adds `meshctl down`. */
export function addDownCommand(program: Command, exit: Exit): void {
  program
    .command('down')
    .description('stop the mesh that runs here, or clean up after one that was killed')
    .argument('[path]', 'folder of the mesh', '.')
    .action(async (path: string) => {
      const { runDown } = await import('./run-down.ts')
      exit(await runDown(path))
    })
}
