import { POLL_MS, QUIET_MS } from './limits.ts'
import { jsonPage } from './page.ts'

interface ClustersPage {
  readonly cluster_statuses: readonly {
    readonly name: string
    readonly host_statuses: readonly { readonly stats: readonly { readonly name: string; readonly value: string }[] }[]
  }[]
}

/** Waits until the sidecar at an admin address has had no call for its application for a moment; answers whether that came in time. */
export async function untilDrained(admin: string, signal: AbortSignal): Promise<boolean> {
  let quietSince: number | undefined
  while (!signal.aborted) {
    const calls = inboundCalls(await jsonPage(`${admin}/clusters?format=json`))
    // A sidecar that does not answer has no calls either.
    if (calls === undefined) return true
    quietSince = calls > 0 ? undefined : (quietSince ?? performance.now())
    if (quietSince !== undefined && performance.now() - quietSince >= QUIET_MS) return true
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
  return false
}

/** Calls under way from a sidecar to its own application, by its page `/clusters`. */
function inboundCalls(page: unknown): number | undefined {
  if (page === undefined) return undefined
  return (page as ClustersPage).cluster_statuses
    .filter(({ name }) => name.startsWith('inbound|'))
    .flatMap(({ host_statuses: hosts }) => hosts.flatMap(({ stats }) => stats))
    .filter(({ name }) => name === 'rq_active')
    .reduce((sum, { value }) => sum + Number(value), 0)
}
