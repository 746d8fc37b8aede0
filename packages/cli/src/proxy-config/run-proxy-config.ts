import { z } from '@mesh/core/schema'
import type { View } from '@mesh/core/view'
import { askJson } from '../mesh/ask.ts'
import { proxyEjections } from '../mesh/proxy-ejections.ts'
import { adminUrl, proxyView, type ProxyTarget } from '../mesh/proxy-view.ts'
import { CommandFailure, EXIT, type ExitCode } from '../output/exit-code.ts'
import { printValue, type Format } from '../output/print.ts'
import { formatTable } from '../output/table.ts'
import { listClusters } from './clusters.ts'
import { listEndpoints } from './endpoints.ts'
import type { Filters } from './filters.ts'
import { listListeners } from './listeners.ts'
import type { Listing } from './listing.ts'
import { listRoutes } from './routes.ts'
import { listSecrets } from './secrets.ts'

export type ListPage = 'listener' | 'route' | 'cluster' | 'endpoint' | 'secret'
export type Page = ListPage | 'bootstrap' | 'all'

export interface ProxyConfigOptions extends ProxyTarget {
  readonly page: Page
  readonly filters: Filters
  readonly output: Format
}

/** `meshctl proxy-config`: what one proxy has, a page of it or all. */
export async function runProxyConfig(options: ProxyConfigOptions): Promise<ExitCode> {
  if (options.page === 'bootstrap') await printBootstrap(options)
  else if (options.page === 'all') await printAll(options)
  else {
    const listing = await listingOf(options.page, options)
    await printValue(options.output, listing.items, () => formatTable(listing.heads, listing.rows))
  }
  return EXIT.ok
}

async function listingOf(page: ListPage, options: ProxyConfigOptions): Promise<Listing<unknown>> {
  if (page === 'secret') return secrets(options)
  const view = await proxyView(options)
  return page === 'endpoint' ? endpoints(view, options) : LISTS[page](view, options.filters)
}

/** All pages, one below the other; as data an object of them. */
async function printAll(options: ProxyConfigOptions): Promise<void> {
  const view = await proxyView(options)
  const lists = Object.entries(LISTS).map(([page, list]) => [page, list(view, options.filters)] as const)
  const pages = [...lists, ['endpoint', await endpoints(view, options)] as const, ['secret', await secrets(options)] as const]
  const values = Object.fromEntries(pages.map(([page, listing]) => [page, listing.items]))
  await printValue(options.output, values, () => pages.map(([, { heads, rows }]) => formatTable(heads, rows)).join('\n\n'))
}

/** Who the proxy says it is, in Envoy's form; istioctl prints it as JSON too. */
async function printBootstrap(options: ProxyConfigOptions): Promise<void> {
  const dump = ConfigDump.safeParse(await askJson(`${adminUrl(options)}/config_dump`, `The proxy of ${options.name}`))
  const found = dump.data?.configs.find((one) => one['@type'].endsWith('.BootstrapConfigDump'))
  if (found === undefined) throw new CommandFailure(EXIT.unreachable, `The proxy of ${options.name} shows no bootstrap configuration.`)
  await printValue(options.output === 'yaml' ? 'yaml' : 'json', found, () => '')
}

const ConfigDump = z.object({ configs: z.array(z.looseObject({ '@type': z.string() })) })

async function secrets(target: ProxyTarget): Promise<Listing<unknown>> {
  return listSecrets(await askJson(`${adminUrl(target)}/certs`, `The proxy of ${target.name}`), Date.now())
}

async function endpoints(view: View, target: ProxyConfigOptions): Promise<Listing<unknown>> {
  return listEndpoints(view, target.filters, await proxyEjections(adminUrl(target), `The proxy of ${target.name}`, view))
}

const LISTS: Readonly<Record<Exclude<ListPage, 'endpoint' | 'secret'>, (view: View, filters: Filters) => Listing<unknown>>> = {
  listener: listListeners,
  route: listRoutes,
  cluster: listClusters,
}
