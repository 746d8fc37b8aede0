import type { Endpoint } from '../view/cluster.ts'
import { isPanic } from './may-eject.ts'

/** Those of the endpoints that take calls: all but the ejected ones, or all where too few would be left; the very list where it is all of them. */
export function takersOf(
  endpoints: readonly Endpoint[],
  isEjected: (endpoint: Endpoint) => boolean,
  minHealthPercent: number,
): readonly Endpoint[] {
  const present = endpoints.filter((endpoint) => !isEjected(endpoint))
  const panic = isPanic(minHealthPercent, { present: present.length, total: endpoints.length })
  return panic || present.length === endpoints.length ? endpoints : present
}
