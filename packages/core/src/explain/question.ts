import type { Origin } from '../config/origin.ts'
import type { CompiledEngine } from '../engine/compile-engine.ts'
import type { ClusterState } from '../engine/engine.ts'
import type { Reason } from '../engine/decision.ts'
import type { Endpoint } from '../view/cluster.ts'
import type { NodeSelf } from '../view/node.ts'
import type { Fault, Route, WeightedCluster } from '../view/route.ts'

/** A request that did not happen, and who would send it. */
export interface Question {
  /** What the sending proxy knows. */
  readonly engine: CompiledEngine
  /** The sending workload; its SPIFFE id is what destinations see over mTLS. */
  readonly self: NodeSelf
  /** Name of the listener it goes through; absent: the forward proxy of a sidecar, or the gateway listener of the URL's port. */
  readonly listener?: string
  readonly method: string
  /** Absolute: `http://reviews:9080/reviews/0`. */
  readonly url: string
  readonly headers?: Iterable<readonly [name: string, value: string]>
  /** Where the route stands that it took, of a call that happened; policies of the way there let it pass. */
  readonly taken?: Origin
  /** Endpoints that fail too often take no calls of the sender for a while; absent: none is known to. */
  readonly ejected?: (cluster: string, endpoint: Endpoint) => boolean
  /** What the proxy in front of an endpoint knows; undefined: nobody said, and its policies stay unknown. */
  readonly destination?: (endpoint: Endpoint) => CompiledEngine | undefined
}

/** The engine's answer with its reasons in the order in which they decided. */
export interface Explanation {
  readonly reasons: readonly Reason[]
  readonly outcome: Outcome
}

/** `reply`: answered by the proxy itself. `forward`: one of the shares takes it. */
export type Outcome =
  | { readonly kind: 'reply'; readonly status: number; readonly flag: string; readonly details: string; readonly route?: Route }
  | {
      readonly kind: 'forward'
      readonly route: Route
      readonly shares: readonly Share[]
      readonly fault?: Fault
      readonly timeoutMs: number
      /** Tries at most, the first included. */
      readonly tries: number
    }

/** One destination of a split. */
export interface Share {
  readonly target: WeightedCluster
  /** 0 to 100. */
  readonly percent: number
  /** Undefined: the view does not have it (503, NC). */
  readonly cluster: ClusterState | undefined
  /** How each endpoint is reached and what it answers. */
  readonly endpoints: readonly EndpointVerdict[]
}

export interface EndpointVerdict {
  readonly endpoint: Endpoint
  readonly security: 'mtls' | 'tls' | 'plain'
  /** `unknown`: its proxy's view was not at hand, or it has none. */
  readonly authorization: 'allowed' | 'denied' | 'unknown'
  /** Plain text is sent where only mTLS is taken, or the other way round. */
  readonly refused: boolean
}
