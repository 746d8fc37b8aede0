import { get } from '../up/ready.ts'
import type { RunFile } from '../up/run-file.ts'

/** How often each version of a service was called. */
export interface Split {
  readonly service: string
  readonly versions: readonly { readonly version: string; readonly count: number }[]
}

/** Calls by service and version, as the callers' proxies counted them. */
export type VersionCounts = ReadonlyMap<string, number>

/** What the proxies of a mesh have counted up to now; empty without a mesh. */
export async function countsByVersion(run: RunFile | undefined): Promise<VersionCounts> {
  const pages = (run?.workloads ?? []).flatMap(({ proxy }) => (proxy === null ? [] : [get(`${proxy.metrics}/stats/prometheus`)]))
  const counts = new Map<string, number>()
  for (const page of await Promise.all(pages)) for (const line of page?.split('\n') ?? []) addLine(line, counts)
  return counts
}

/** What was counted between two looks, services and their versions by name. */
export function splitsBetween(before: VersionCounts, after: VersionCounts): readonly Split[] {
  const services = new Map<string, { version: string; count: number }[]>()
  for (const [key, total] of after) {
    const count = total - (before.get(key) ?? 0)
    const [service = '', version = ''] = key.split(' ')
    if (count <= 0) continue
    services.set(service, [...(services.get(service) ?? []), { version, count }])
  }
  return [...services]
    .map(([service, versions]) => ({ service, versions: versions.toSorted((left, right) => (left.version < right.version ? -1 : 1)) }))
    .toSorted((left, right) => (left.service < right.service ? -1 : 1))
}

/** A series of `istio_requests_total` (Prometheus text format) that a caller's proxy counted. */
function addLine(line: string, counts: Map<string, number>): void {
  if (!line.startsWith('istio_requests_total{') || !line.includes('reporter="source"')) return
  const service = labelOf(line, 'destination_canonical_service')
  const version = labelOf(line, 'destination_version')
  if (service === undefined || version === undefined || version === 'unknown') return
  const key = `${service} ${version}`
  counts.set(key, (counts.get(key) ?? 0) + Number(line.slice(line.lastIndexOf(' ') + 1)))
}

function labelOf(line: string, name: string): string | undefined {
  return new RegExp(`[{,]${name}="([^"\\s]*)"`).exec(line)?.[1]
}
