/** Which rows of a proxy's configuration are asked for; absent parts ask for all. */
export interface Filters {
  readonly port?: number
  readonly fqdn?: string
  readonly subset?: string
  readonly direction?: string
  readonly name?: string
}

/** Parts of a cluster's name: `outbound|9080|v1|reviews.default.svc.cluster.local`. */
export interface ClusterName {
  readonly direction: string
  readonly port: number | undefined
  readonly subset: string
  readonly host: string
}

export function parseClusterName(name: string): ClusterName | undefined {
  const parts = name.split('|')
  if (parts.length !== 4) return undefined
  const [direction = '', port = '', subset = '', host = ''] = parts
  return { direction, port: /^\d+$/.test(port) ? Number(port) : undefined, subset, host }
}

/** Whether a cluster is asked for. */
export function clusterPasses(name: string, filters: Filters): boolean {
  const parts = parseClusterName(name)
  if (filters.port !== undefined && parts?.port !== filters.port) return false
  if (filters.fqdn !== undefined && !(parts?.host ?? name).includes(filters.fqdn)) return false
  if (filters.subset !== undefined && parts?.subset !== filters.subset) return false
  return filters.direction === undefined || parts?.direction === filters.direction
}
