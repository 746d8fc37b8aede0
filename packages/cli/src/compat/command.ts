import type { Command } from 'commander'
import { outputOption } from '../output/options.ts'
import type { Format } from '../output/print.ts'
import type { Exit } from '../run-meshctl.ts'

interface Flags {
  readonly filename?: readonly string[]
  readonly recursive?: boolean
  readonly all?: boolean
  readonly strict?: boolean
  readonly fix?: boolean
  readonly dryRun?: boolean
  readonly output: Format
}

/** Adds `meshctl compat`. */
export function addCompatCommand(program: Command, exit: Exit): void {
  program
    .command('compat')
    .description('tell what this mesh makes of Istio YAML: which fields of which kinds work, are ignored, or are refused')
    .argument('[path...]', 'files and folders, or - for standard input, like kubectl get … -A -o yaml | meshctl compat -')
    .option('-f, --filename <path>', 'file, folder, or - for standard input', (path: string, paths: string[] = []) => [...paths, path])
    .option('-R, --recursive', 'take the folders below too')
    .option('--all', 'list the fields that work, and those that need nothing')
    .option('--strict', 'answer 1 when anything is ignored, too')
    .option('--fix', 'write old spellings and apiVersions as they are written today; standard input goes to standard output')
    .option('--dry-run', 'with --fix: only tell what would change')
    .addOption(outputOption())
    .action(async (args: readonly string[], flags: Flags, command: Command) => {
      const paths = [...(flags.filename ?? []), ...args]
      if (paths.length === 0) command.error('error: name a file or folder, like config, or - for standard input', { exitCode: 2 })
      const of = { paths, recursive: flags.recursive === true, output: flags.output }
      if (flags.fix === true) {
        const { runFix } = await import('./run-fix.ts')
        exit(await runFix({ ...of, dryRun: flags.dryRun === true }))
      } else {
        const { runCompat } = await import('./run-compat.ts')
        exit(await runCompat({ ...of, all: flags.all === true, strict: flags.strict === true }))
      }
    })
}
