import type { Command } from 'commander'
import type { Exit } from '../run-meshctl.ts'
import { addChangeOptions, type ChangeFlags } from '../store/options.ts'

/** Flags of `meshctl delete`. */
export interface DeleteFlags extends ChangeFlags {
  readonly all?: boolean
  readonly ignoreNotFound?: boolean
}

/** Adds `meshctl delete`. */
export function addDeleteCommand(program: Command, exit: Exit): void {
  addChangeOptions(program.command('delete').description('take objects out of the running mesh'), ['table', 'name'])
    .argument('[what...]', 'KIND NAME..., KIND/NAME..., like vs reviews')
    .option('--all', 'all objects of the kind in the namespace')
    .option('--ignore-not-found', 'what is not there is no failure')
    .action(async (what: readonly string[], flags: DeleteFlags) => {
      const { runDelete } = await import('./run-delete.ts')
      exit(await runDelete({ cwd: process.cwd(), what, flags }))
    })
}
