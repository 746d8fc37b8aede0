import type { Command } from 'commander'
import { namespaceOption, outputOption } from '../output/options.ts'
import { CommandFailure, EXIT } from '../output/exit-code.ts'
import type { Format } from '../output/print.ts'
import type { Exit } from '../run-meshctl.ts'

interface Flags {
  readonly namespace?: string
  readonly output: Format
}

const WORKLOADS: ReadonlySet<string> = new Set(['pod', 'pods', 'po', 'workload'])
const SERVICES: ReadonlySet<string> = new Set(['service', 'services', 'svc'])

/** Adds `meshctl experimental describe`, which istioctl's users write `x describe pod NAME` and `x describe service NAME`. */
export function addDescribeWorkloadCommand(program: Command, exit: Exit): void {
  program
    .command('experimental')
    .alias('x')
    .description('more views of a workload or a service')
    .command('describe')
    .alias('des')
    .description('one workload or service: its ports, who may call it or who answers there, what routes to it, how the ingress reaches it')
    .argument('<kind|workload>', '`pod` or `svc`, as istioctl wants it, or at once a workload like reviews-v1-0 or reviews-v1-0.default')
    .argument('[name]', 'of the workload, of reviews-v1 the first replica; or of the service, like reviews or reviews.default')
    .addOption(namespaceOption())
    .addOption(outputOption())
    .exitOverride()
    .action(async (first: string, second: string | undefined, flags: Flags) => {
      const { kind, name } = asked(first, second)
      const options = { cwd: process.cwd(), name, namespace: flags.namespace, output: flags.output }
      if (kind === 'service') {
        const { runDescribeService } = await import('./run-describe-service.ts')
        exit(await runDescribeService(options))
      } else {
        const { runDescribeWorkload } = await import('./run-describe-workload.ts')
        exit(await runDescribeWorkload(options))
      }
    })
}

/** `reviews-v1-0`, `pod reviews-v1-0`, `pod/reviews-v1-0`, `svc reviews` and `svc/reviews`. */
export function asked(first: string, second: string | undefined): { readonly kind: 'workload' | 'service'; readonly name: string } {
  const slash = first.indexOf('/')
  const [kind, name] = second === undefined && slash > 0 ? [first.slice(0, slash), first.slice(slash + 1)] : [first, second]
  if (name === undefined || name === '') return { kind: 'workload', name: first }
  if (SERVICES.has(kind)) return { kind: 'service', name }
  if (WORKLOADS.has(kind)) return { kind: 'workload', name }
  throw new CommandFailure(EXIT.usage, `What is described is a pod or a svc, not "${kind}".`)
}
