import type { Command } from 'commander'
import type { Exit } from '../run-meshctl.ts'
import { addChangeOptions, type ChangeFlags } from '../store/options.ts'

/** Adds `meshctl apply`, `create` and `replace`. */
export function addApplyCommands(program: Command, exit: Exit): void {
  for (const [verb, description] of VERBS) {
    addChangeOptions(program.command(verb).description(description), ['table', 'name', 'json', 'yaml']).action(
      async (flags: ChangeFlags) => {
        const { runApply } = await import('./run-apply.ts')
        exit(await runApply({ verb, cwd: process.cwd(), flags }))
      },
    )
  }
}

const VERBS = [
  ['apply', 'put objects into the running mesh, as their files say it, and wait until proxies serve them'],
  ['create', 'put objects into the running mesh that are not there yet'],
  ['replace', 'put objects into the running mesh in the place of those that are there'],
] as const
