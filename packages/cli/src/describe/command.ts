import type { Command } from 'commander'
import type { Exit } from '../run-meshctl.ts'

/** Adds `meshctl describe`. */
export function addDescribeCommand(program: Command, exit: Exit): void {
  program
    .command('describe')
    .description('everything about objects: what they say, where, what there is to be said about them, and who serves them')
    .argument('<what...>', 'KIND[,KIND] [NAME...] or KIND/NAME...; like vs reviews')
    .option('-n, --namespace <namespace>', 'namespace to look in', 'default')
    .option('-A, --all-namespaces', 'look in all namespaces')
    .action(
      async (
        what: readonly string[],
        { namespace, allNamespaces = false }: { readonly namespace: string; readonly allNamespaces?: boolean },
      ) => {
        const { runDescribe } = await import('./run-describe.ts')
        exit(await runDescribe({ cwd: process.cwd(), what, namespace, allNamespaces }))
      },
    )
}
