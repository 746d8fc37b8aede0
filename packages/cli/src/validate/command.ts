import type { Command } from 'commander'
import { outputOption } from '../output/options.ts'
import type { Format } from '../output/print.ts'
import type { Exit } from '../run-meshctl.ts'

interface Flags {
  readonly filename?: readonly string[]
  readonly recursive?: boolean
  readonly output: Format
}

/** Adds `meshctl validate`. */
export function addValidateCommand(program: Command, exit: Exit): void {
  program
    .command('validate')
    .description('check Istio and Kubernetes YAML: errors and warnings with their place and what to write instead')
    .argument('[path...]', 'files and folders')
    .option('-f, --filename <path>', 'file, folder, or - for standard input', (path: string, paths: string[] = []) => [...paths, path])
    .option('-R, --recursive', 'take the folders below too')
    .addOption(outputOption())
    .action(async (args: readonly string[], flags: Flags, command: Command) => {
      const paths = [...(flags.filename ?? []), ...args]
      if (paths.length === 0) command.error('error: name a file or folder, like -f config', { exitCode: 2 })
      const { runValidate } = await import('./run-validate.ts')
      exit(await runValidate({ paths, recursive: flags.recursive === true, output: flags.output }))
    })
}
