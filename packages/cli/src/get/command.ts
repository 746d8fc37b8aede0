import { Option, type Command } from 'commander'
import type { Exit } from '../run-meshctl.ts'

export type GetFormat = 'table' | 'wide' | 'name' | 'json' | 'yaml'

interface Flags {
  readonly namespace?: string
  readonly allNamespaces?: boolean
  readonly output: GetFormat
}

/** Adds `meshctl get`. */
export function addGetCommand(program: Command, exit: Exit): void {
  program
    .command('get')
    .description('objects of the running mesh, and whether they are in force and served')
    .argument('<what...>', 'KIND[,KIND] [NAME...], KIND/NAME..., or all; like vs,dr')
    .option('-n, --namespace <namespace>', 'namespace to look in', 'default')
    .option('-A, --all-namespaces', 'look in all namespaces')
    .addOption(new Option('-o, --output <format>', 'how to print').choices(['table', 'wide', 'name', 'json', 'yaml']).default('table'))
    .action(async (what: readonly string[], { namespace = 'default', allNamespaces = false, output }: Flags) => {
      const { runGet } = await import('./run-get.ts')
      exit(await runGet({ cwd: process.cwd(), what, namespace, allNamespaces, output }))
    })
}
