import type { View } from '@mesh/core/view'
import { askJson } from '../mesh/ask.ts'
import type { FoundMesh } from '../mesh/find-mesh.ts'

/** What a gateway of the mesh serves, and where it is called. */
export interface GatewayView {
  readonly name: string
  readonly url: string
  readonly view: View
}

export function gatewayViews({ run }: FoundMesh): Promise<readonly GatewayView[]> {
  const there = run.gateways.flatMap(({ name, namespace, url }) => {
    const admin = run.workloads.find((one) => one.workload === name && one.namespace === namespace)?.proxy?.admin
    return admin === undefined ? [] : [{ name, url, admin }]
  })
  return Promise.all(
    there.map(async ({ name, url, admin }) => ({ name, url, view: (await askJson(`${admin}/view`, `The proxy of ${name}`)) as View })),
  )
}
