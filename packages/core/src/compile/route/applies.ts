import type { NodeSelf } from '../../view/node.ts'
import { fullGateway } from '../gateway/gateway-name.ts'
import { selects } from '../selector.ts'

/** Where a rule is compiled for: one port, reached through the mesh itself or one of the gateways named here. */
export interface Place {
  readonly node: NodeSelf
  readonly port: number
  /** `mesh`, or full names of gateways. */
  readonly gateways: readonly string[]
}

/** The parts of an HTTP, TLS or TCP match that the place decides, not the request. */
interface PlaceMatch {
  readonly port?: number | undefined
  readonly sourceLabels?: Readonly<Record<string, string>> | undefined
  readonly sourceNamespace?: string | undefined
  readonly gateways?: readonly string[] | undefined
}

/** Whether a match of a rule in `namespace` can hold at this place at all. */
export function applies(match: PlaceMatch, place: Place, namespace: string): boolean {
  const { gateways } = match
  if (match.port !== undefined && match.port !== place.port) return false
  if (gateways !== undefined && gateways.length > 0 && !boundTo(gateways, place, namespace)) return false
  if (place.node.kind === 'gateway') return true
  if (match.sourceNamespace !== undefined && match.sourceNamespace !== '' && match.sourceNamespace !== place.node.namespace) return false
  return match.sourceLabels === undefined || selects(match.sourceLabels, place.node.labels)
}

/** Whether a list of gateways of a rule in `namespace` names this place; an empty list means the mesh. */
export function boundTo(gateways: readonly string[] | undefined, place: Pick<Place, 'gateways'>, namespace: string): boolean {
  const named = gateways === undefined || gateways.length === 0 ? ['mesh'] : gateways
  return named.some((name) => place.gateways.includes(fullGateway(name, namespace)))
}
