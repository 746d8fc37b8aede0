import type { View } from '@mesh/core/view'
import { askJson } from '../mesh/ask.ts'
import { adminUrl, proxyView, type ProxyTarget } from '../mesh/proxy-view.ts'
import { EXIT, type ExitCode } from '../output/exit-code.ts'
import { printValue, type Format } from '../output/print.ts'
import { formatTable } from '../output/table.ts'
import { listClusters } from './clusters.ts'
import { listEndpoints } from './endpoints.ts'
import type { Filters } from './filters.ts'
import { listListeners } from './listeners.ts'
import type { Listing } from './listing.ts'
import { listRoutes } from './routes.ts'
import { listSecrets } from './secrets.ts'

export const PAGES = ['listener', 'route', 'cluster', 'endpoint', 'secret'] as const
export type Page = (typeof PAGES)[number]

export interface ProxyConfigOptions extends ProxyTarget {
  readonly page: Page
  readonly filters: Filters
  readonly output: Format
}

/** `meshctl proxy-config`: what one proxy has, a page of it. */
export async function runProxyConfig(options: ProxyConfigOptions): Promise<ExitCode> {
  const listing = options.page === 'secret' ? await secrets(options) : LISTS[options.page](await proxyView(options), options.filters)
  await printValue(options.output, listing.items, () => formatTable(listing.heads, listing.rows))
  return EXIT.ok
}

async function secrets(target: ProxyTarget): Promise<Listing<unknown>> {
  return listSecrets(await askJson(`${adminUrl(target)}/certs`, `The proxy of ${target.name}`), Date.now())
}

const LISTS: Readonly<Record<Exclude<Page, 'secret'>, (view: View, filters: Filters) => Listing<unknown>>> = {
  listener: listListeners,
  route: listRoutes,
  cluster: listClusters,
  endpoint: listEndpoints,
}
