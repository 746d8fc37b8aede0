import type { Command } from 'commander'
import type { Exit } from '../run-meshctl.ts'

/** Adds `meshctl open`. */
export function addOpenCommand(program: Command, exit: Exit): void {
  program
    .command('open')
    .description('open the page of a gateway in the browser, and print its address')
    .argument('[gateway]', 'like istio-ingressgateway; else the first one')
    .option('--no-browser', 'only print')
    .action(async (gateway: string | undefined, flags: { readonly browser: boolean }) => {
      const { runOpen } = await import('./run-open.ts')
      exit(await runOpen({ cwd: process.cwd(), gateway, browser: flags.browser }))
    })
}
