/** A cluster for people: `subset v9 of reviews.default.svc.cluster.local:9080`, `the application at port 9080`. */
export function destinationName(cluster: string | undefined): string {
  if (cluster === undefined) return 'the destination'
  const [direction, port, subset, host] = cluster.split('|')
  if (host === undefined) return cluster === 'PassthroughCluster' ? 'the host outside the mesh' : cluster
  if (direction === 'inbound') return `the application at port ${port}`
  return `${subset === '' ? '' : `subset ${subset} of `}${host}:${port}`
}
