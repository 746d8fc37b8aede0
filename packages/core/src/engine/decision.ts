import type { Origin } from '../config/origin.ts'
import type { ResponseFlag } from '../error/response-flag.ts'
import type { Cluster } from '../view/cluster.ts'
import type { Route, RouteTable, VirtualHost, WeightedCluster } from '../view/route.ts'
import type { AuthzFilter, AuthzPolicy } from '../view/authz.ts'

/** What the engine answers for one request on one listener chain. */
export type RouteDecision =
  | { readonly kind: 'route'; readonly table: RouteTable; readonly host: VirtualHost; readonly route: Route }
  | {
      readonly kind: 'none'
      readonly flag: ResponseFlag
      readonly code: string
      readonly table: RouteTable | undefined
      readonly host: VirtualHost | undefined
    }

/** Code of a request that needs more steps of regular expressions than one decision may take; it is refused, never half judged. */
export const REGEX_WORK_EXCEEDED = 'regex_work_exceeded'

/** Where one try goes: the share that chance picked. */
export interface ClusterChoice {
  readonly target: WeightedCluster
  /** Undefined: the route names a cluster that the view does not have (503, NC). */
  readonly cluster: Cluster | undefined
}

export type AuthzDecision =
  | { readonly allowed: true; readonly policy?: AuthzPolicy }
  /** `policy` is the DENY that matched; without it no ALLOW did. */
  | { readonly allowed: false; readonly filter: AuthzFilter; readonly policy?: AuthzPolicy; readonly code: string }

/** One step of an explanation: what was looked at, what came out, and which object and line decided it. */
export interface Reason {
  readonly stage: 'listener' | 'authorize' | 'host' | 'route' | 'fault' | 'cluster' | 'endpoints' | 'tls' | 'timeout' | 'retry'
  readonly outcome: string
  readonly origin?: Origin
  /** What nearly matched, and which part of it did not. */
  readonly nearMisses?: readonly { readonly what: string; readonly why: string; readonly origin?: Origin }[]
}
