import { InvalidArgumentError, Option, type Command } from 'commander'
import { namespaceOption, outputOption } from '../output/options.ts'
import type { Format } from '../output/print.ts'
import type { Exit } from '../run-meshctl.ts'
import type { Page } from './run-proxy-config.ts'

interface Flags {
  readonly namespace?: string
  readonly output: Format
  readonly port?: number
  readonly fqdn?: string
  readonly subset?: string
  readonly direction?: string
  readonly name?: string
}

const PAGES: Readonly<Record<Page, readonly [alias: string, what: string]>> = {
  listener: ['listeners', 'addresses that a proxy listens on'],
  route: ['routes', 'which host and path goes where'],
  cluster: ['clusters', 'services and versions that it can call'],
  endpoint: ['endpoints', 'addresses behind them'],
  secret: ['secrets', 'its certificates; never keys'],
  bootstrap: ['bs', 'who it says it is, as it started'],
  all: ['a', 'all of these'],
}

/** Adds `meshctl proxy-config`. */
export function addProxyConfigCommand(program: Command, exit: Exit): void {
  const parent = program
    .command('proxy-config')
    .alias('pc')
    .description('what one proxy has: listeners, routes, clusters, endpoints, certificates')
  for (const [page, [alias, what]] of Object.entries(PAGES) as [Page, readonly [string, string]][]) {
    parent
      .command(page)
      .alias(alias)
      .description(what)
      .argument('<proxy>', 'like reviews-v1-0 or reviews-v1-0.default; of reviews-v1 the first replica')
      .addOption(namespaceOption())
      .addOption(outputOption())
      .addOption(new Option('--port <number>', 'only this port').argParser(portNumber))
      .option('--fqdn <host>', 'only services whose host contains this')
      .option('--subset <name>', 'only this subset')
      .addOption(new Option('--direction <direction>', 'only this direction').choices(['inbound', 'outbound', 'gateway']))
      .option('--name <name>', 'only the listener or route table of this name')
      .exitOverride()
      .action((name: string, flags: Flags) => run(page, name, flags, exit))
  }
  addLogCommand(parent, exit)
}

/** Adds `meshctl proxy-config log`. */
function addLogCommand(parent: Command, exit: Exit): void {
  parent
    .command('log')
    .alias('o')
    .description('tell the log level of a proxy, or change it until the proxy starts again')
    .argument('<proxy>', 'like reviews-v1-0, or with a level: reviews-v1-0:debug')
    .addOption(namespaceOption())
    .option('--level <level>', 'trace, debug, info, warn, error, fatal or off')
    .exitOverride()
    .action(async (target: string, flags: { readonly namespace?: string; readonly level?: string }) => {
      const { readLogTarget, runLogLevel } = await import('./log-level.ts')
      exit(await runLogLevel({ cwd: process.cwd(), namespace: flags.namespace, ...readLogTarget(target, flags.level) }))
    })
}

async function run(page: Page, name: string, flags: Flags, exit: Exit): Promise<void> {
  const { runProxyConfig } = await import('./run-proxy-config.ts')
  const { namespace, output, ...filters } = flags
  exit(await runProxyConfig({ page, cwd: process.cwd(), name, namespace, output, filters }))
}

function portNumber(text: string): number {
  if (!/^\d{1,5}$/.test(text)) throw new InvalidArgumentError('It must be a number.')
  return Number(text)
}
