import type { Command } from 'commander'
import { namespaceOption, outputOption } from '../output/options.ts'
import type { Format } from '../output/print.ts'
import { CommandFailure, EXIT, type ExitCode } from '../output/exit-code.ts'
import type { Exit } from '../run-meshctl.ts'

interface Flags {
  readonly from?: string
  readonly header?: readonly string[]
  readonly config?: readonly string[]
  readonly namespace?: string
  readonly output: Format
}

/** Adds `meshctl explain`. */
export function addExplainCommand(program: Command, exit: Exit): void {
  program
    .command('explain')
    .description(
      'what would happen to a request: route, destination, endpoints, timeout, tries, mTLS, authorization, each with the line that decided it',
    )
    .argument('<method|id>', 'like GET; or alone, the id of a call that happened: what decided about it')
    .argument('[url]', 'as the caller writes it, like http://reviews:9080/reviews/0')
    .option('--from <workload>', 'who would send it; else the ingress gateway')
    .option('-H, --header <name: value>', 'a request header', (header: string, all: string[] = []) => [...all, header])
    .option('--config <path>', 'ask these files or folders instead of a running mesh', (path: string, all: string[] = []) => [...all, path])
    .addOption(namespaceOption())
    .addOption(outputOption())
    .action(async (method: string, url: string | undefined, flags: Flags) => {
      if (url === undefined) return exit(await explainCall(method, flags))
      const { runExplain } = await import('./run-explain.ts')
      const { from, header = [], config = [], namespace, output } = flags
      exit(await runExplain({ cwd: process.cwd(), method, url, from, headers: header, config, namespace, output }))
    })
}

async function explainCall(id: string, { output, from, header, config }: Flags): Promise<ExitCode> {
  if (from !== undefined || header !== undefined || config !== undefined || METHODS.has(id.toUpperCase()))
    throw new CommandFailure(EXIT.usage, 'Say which URL is asked for, or the id of a call alone.')
  const { runExplainCall } = await import('./run-explain-call.ts')
  return runExplainCall({ cwd: process.cwd(), id, output })
}

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT'])
