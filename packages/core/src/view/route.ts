import type { Origin } from '../config/origin.ts'
import type { HeaderMatch, QueryMatch } from './match.ts'

/** Envoy `RouteConfiguration`: which host and path goes where. */
export interface RouteTable {
  readonly name: string
  readonly hosts: readonly VirtualHost[]
}

/** Envoy `VirtualHost`. Domains: exact, `*.suffix`, `prefix.*` or `*`; the most specific one wins. */
export interface VirtualHost {
  readonly name: string
  readonly domains: readonly string[]
  /** The first match wins. */
  readonly routes: readonly Route[]
  readonly origin?: Origin
}

export interface Route {
  /** The user's name for it (`http[].name`), else empty. Shown as ROUTE_NAME in the access log. */
  readonly name: string
  readonly match: RouteMatch
  readonly action: RouteAction
  /** Upper bound over all tries; 0 means none. */
  readonly timeoutMs: number
  readonly fault?: Fault
  readonly requestHeaders?: HeaderOps
  readonly responseHeaders?: HeaderOps
  readonly origin?: Origin
}

/** All parts must hold (Envoy `RouteMatch`). Method, scheme and authority are header matches on pseudo headers. */
export interface RouteMatch {
  /** Path without query string. */
  readonly path: PathMatch
  readonly headers: readonly HeaderMatch[]
  readonly query: readonly QueryMatch[]
}

export type PathMatch =
  | { readonly kind: 'exact'; readonly value: string; readonly ignoreCase?: boolean }
  | { readonly kind: 'prefix'; readonly value: string; readonly ignoreCase?: boolean }
  | { readonly kind: 'regex'; readonly value: string }

export type RouteAction =
  | Forward
  | {
      readonly kind: 'redirect'
      readonly status: number
      readonly scheme?: string
      readonly authority?: string
      readonly port?: number
      readonly path?: string
    }
  | { readonly kind: 'respond'; readonly status: number; readonly body?: string }

export interface Forward {
  readonly kind: 'forward'
  /** Relative shares; one entry means all. */
  readonly clusters: readonly WeightedCluster[]
  readonly rewrite?: Rewrite
  readonly retry?: RetryPolicy
}

export interface WeightedCluster {
  readonly cluster: string
  readonly weight: number
  readonly requestHeaders?: HeaderOps
  readonly responseHeaders?: HeaderOps
  readonly origin?: Origin
}

/** `prefix` replaces the matched prefix or the whole exact path. */
export interface Rewrite {
  readonly prefix?: string
  readonly regex?: { readonly pattern: string; readonly substitution: string }
  readonly authority?: string
}

/** Envoy `RetryPolicy`. */
export interface RetryPolicy {
  /** Tries after the first. */
  readonly attempts: number
  /** Envoy's vocabulary: `connect-failure`, `refused-stream`, `5xx`, `gateway-error`, `reset`, `unavailable`, ... */
  readonly on: readonly string[]
  readonly statuses: readonly number[]
  /** 0 means the route's timeout. */
  readonly perTryTimeoutMs: number
  readonly backoffBaseMs: number
  readonly backoffMaxMs: number
  /** How often to pick again to avoid an endpoint that was tried (Envoy `host_selection_retry_max_attempts`). */
  readonly avoidTriedPicks: number
}

/** Chances are parts per million, so that 0.0001 % is exact. */
export interface Fault {
  readonly delay?: { readonly ms: number; readonly partsPerMillion: number; readonly origin?: Origin }
  readonly abort?: { readonly status: number; readonly partsPerMillion: number; readonly origin?: Origin }
}

/** Names are lower-case. Order: remove, set, add. */
export interface HeaderOps {
  readonly set: readonly (readonly [name: string, value: string])[]
  readonly add: readonly (readonly [name: string, value: string])[]
  readonly remove: readonly string[]
}
