import { z } from '@mesh/core/schema'
import type { Endpoint, View } from '@mesh/core/view'
import { CommandFailure, EXIT } from '../output/exit-code.ts'
import { askJson } from './ask.ts'

/** Whether a proxy has ejected an endpoint of a cluster. */
export type Ejections = (cluster: string, endpoint: Pick<Endpoint, 'address' | 'port'>) => boolean

/** Asks a proxy which endpoints it has ejected, where any rule of its view lets it; `who` as in messages. */
export async function proxyEjections(admin: string, who: string, view: View): Promise<Ejections> {
  if (!view.clusters.some(({ outlierDetection }) => outlierDetection !== undefined)) return () => false
  const told = Clusters.safeParse(await askJson(`${admin}/clusters?format=json`, who))
  if (!told.success) throw new CommandFailure(EXIT.unreachable, `${who} answers /clusters in a form that this meshctl does not know.`)
  const ejected = new Set(
    told.data.cluster_statuses.flatMap(({ name, host_statuses }) =>
      host_statuses.flatMap(({ address: { socket_address: at }, health_status }) =>
        health_status.failed_outlier_check === true ? [keyOf(name, { address: at.address, port: at.port_value })] : [],
      ),
    ),
  )
  return (cluster, endpoint) => ejected.has(keyOf(cluster, endpoint))
}

const Clusters = z.object({
  cluster_statuses: z.array(
    z.object({
      name: z.string(),
      host_statuses: z.array(
        z.object({
          address: z.object({ socket_address: z.object({ address: z.string(), port_value: z.number() }) }),
          health_status: z.object({ failed_outlier_check: z.boolean().optional() }),
        }),
      ),
    }),
  ),
})

function keyOf(cluster: string, { address, port }: Pick<Endpoint, 'address' | 'port'>): string {
  return `${cluster} ${address} ${port}`
}
