import type { Origin } from '../config/origin.ts'
import type { MeshError } from '../error/mesh-error.ts'
import type { Call } from './call.ts'

/** The configuration that made a failure of this kind: the route that bounds the time, the rule that bounds the requests. */
export function causeOf({ route, cluster }: Call, { flag }: MeshError): Origin | undefined {
  if (flag === 'UT') return route?.origin
  return flag === 'UO' ? cluster?.cluster.origin : undefined
}
