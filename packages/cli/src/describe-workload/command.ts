import type { Command } from 'commander'
import { namespaceOption, outputOption } from '../output/options.ts'
import type { Format } from '../output/print.ts'
import type { Exit } from '../run-meshctl.ts'

interface Flags {
  readonly namespace?: string
  readonly output: Format
}

const KINDS: ReadonlySet<string> = new Set(['pod', 'po', 'workload'])

/** Adds `meshctl experimental describe`, which istioctl's users write `x describe pod NAME`. */
export function addDescribeWorkloadCommand(program: Command, exit: Exit): void {
  program
    .command('experimental')
    .alias('x')
    .description('more views of a workload')
    .command('describe')
    .alias('des')
    .description('one workload: its ports, who may call it, what routes to it, how the ingress reaches it')
    .argument('<workload>', 'like reviews-v1-0 or reviews-v1-0.default; of reviews-v1 the first replica')
    .argument('[workload]', 'the same after the word `pod`, as istioctl wants it')
    .addOption(namespaceOption())
    .addOption(outputOption())
    .exitOverride()
    .action(async (first: string, second: string | undefined, flags: Flags) => {
      const { runDescribeWorkload } = await import('./run-describe-workload.ts')
      const name = second !== undefined && KINDS.has(first) ? second : first
      exit(await runDescribeWorkload({ cwd: process.cwd(), name, namespace: flags.namespace, output: flags.output }))
    })
}
