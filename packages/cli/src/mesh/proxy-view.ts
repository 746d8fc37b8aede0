import type { View } from '@mesh/core/view'
import { CommandFailure, EXIT } from '../output/exit-code.ts'
import { askJson } from './ask.ts'
import { findMesh, findWorkload } from './find-mesh.ts'

export interface ProxyTarget {
  readonly cwd: string
  /** `reviews-v1-0` or `reviews-v1-0.default`. */
  readonly name: string
  readonly namespace?: string | undefined
}

/** Where a proxy's admin interface is. */
export function adminUrl(target: ProxyTarget): string {
  const workload = findWorkload(findMesh(target.cwd), target.name, target.namespace)
  if (workload.proxy === null) throw new CommandFailure(EXIT.negative, `${workload.name} has no proxy of this mesh.`)
  return workload.proxy.admin
}

/** The view that a proxy serves right now. */
export async function proxyView(target: ProxyTarget): Promise<View> {
  return (await askJson(`${adminUrl(target)}/view`, `The proxy of ${target.name}`)) as View
}
