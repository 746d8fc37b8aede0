import type { Origin } from '../config/origin.ts'
import type { Cidr, HeaderMatch, StringMatch } from './match.ts'

/**
 * Envoy RBAC filter (`envoy.filters.http.rbac`, `envoy.filters.network.rbac`): one action, its policies.
 * ALLOW without a matching policy denies; DENY with one denies. An ALLOW filter without policies denies all.
 */
export interface AuthzFilter {
  readonly action: 'ALLOW' | 'DENY'
  readonly policies: readonly AuthzPolicy[]
}

export interface AuthzPolicy {
  /** Istio's form: `ns[default]-policy[ratings]-rule[0]`. */
  readonly name: string
  /** Any of them, and any of `principals`. */
  readonly permissions: readonly Permission[]
  readonly principals: readonly Principal[]
  readonly origin?: Origin
}

/** Envoy `config.rbac.v3.Permission`: about the operation. */
export type Permission =
  | { readonly kind: 'any' }
  | { readonly kind: 'and'; readonly of: readonly Permission[] }
  | { readonly kind: 'or'; readonly of: readonly Permission[] }
  | { readonly kind: 'not'; readonly of: Permission }
  | { readonly kind: 'header'; readonly header: HeaderMatch }
  | { readonly kind: 'path'; readonly path: StringMatch }
  | { readonly kind: 'destination-port'; readonly port: number }
  | { readonly kind: 'destination-ip'; readonly cidr: Cidr }
  | { readonly kind: 'sni'; readonly name: StringMatch }

/** Envoy `config.rbac.v3.Principal`: about the caller. `authenticated` tests the verified SPIFFE id as a URI. */
export type Principal =
  | { readonly kind: 'any' }
  | { readonly kind: 'and'; readonly of: readonly Principal[] }
  | { readonly kind: 'or'; readonly of: readonly Principal[] }
  | { readonly kind: 'not'; readonly of: Principal }
  | { readonly kind: 'authenticated'; readonly id?: StringMatch }
  | { readonly kind: 'direct-ip'; readonly cidr: Cidr }
  | { readonly kind: 'remote-ip'; readonly cidr: Cidr }
  | { readonly kind: 'header'; readonly header: HeaderMatch }
