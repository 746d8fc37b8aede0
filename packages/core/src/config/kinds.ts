import type { z } from 'zod'
import type { ConfigObject } from './object.ts'
import { AuthorizationPolicy } from './kinds/authorization-policy.ts'
import { DestinationRule } from './kinds/destination-rule.ts'
import { Gateway } from './kinds/gateway.ts'
import { ConfigMap, Namespace, Secret, ServiceAccount } from './kinds/kubernetes.ts'
import { PeerAuthentication } from './kinds/peer-authentication.ts'
import { ServiceEntry } from './kinds/service-entry.ts'
import { Service } from './kinds/service.ts'
import { Sidecar } from './kinds/sidecar.ts'
import { VirtualService } from './kinds/virtual-service.ts'
import { WorkloadEntry } from './kinds/workload-entry.ts'

const NETWORKING = { group: 'networking.istio.io', versions: ['v1', 'v1beta1', 'v1alpha3'] } as const
const SECURITY = { group: 'security.istio.io', versions: ['v1', 'v1beta1'] } as const
const CORE = { group: '', versions: ['v1'] } as const

/** How a kind is published, and where its body stands: below `spec`, or beside `metadata`. */
export interface KindEntry<Schema extends z.ZodType = z.ZodType> {
  readonly group: string
  readonly versions: readonly string[]
  readonly namespaced: boolean
  readonly place: 'spec' | 'root'
  readonly schema: Schema
}

/** The kinds that mean something to this mesh. */
export const KINDS = {
  Service: { ...CORE, namespaced: true, place: 'spec', schema: Service },
  Namespace: { ...CORE, namespaced: false, place: 'spec', schema: Namespace },
  ServiceAccount: { ...CORE, namespaced: true, place: 'root', schema: ServiceAccount },
  Secret: { ...CORE, namespaced: true, place: 'root', schema: Secret },
  ConfigMap: { ...CORE, namespaced: true, place: 'root', schema: ConfigMap },
  VirtualService: { ...NETWORKING, namespaced: true, place: 'spec', schema: VirtualService },
  DestinationRule: { ...NETWORKING, namespaced: true, place: 'spec', schema: DestinationRule },
  Gateway: { ...NETWORKING, namespaced: true, place: 'spec', schema: Gateway },
  ServiceEntry: { ...NETWORKING, namespaced: true, place: 'spec', schema: ServiceEntry },
  WorkloadEntry: { ...NETWORKING, namespaced: true, place: 'spec', schema: WorkloadEntry },
  Sidecar: { ...NETWORKING, namespaced: true, place: 'spec', schema: Sidecar },
  PeerAuthentication: { ...SECURITY, namespaced: true, place: 'spec', schema: PeerAuthentication },
  AuthorizationPolicy: { ...SECURITY, namespaced: true, place: 'spec', schema: AuthorizationPolicy },
} as const satisfies Record<string, KindEntry>

export type KindName = keyof typeof KINDS

/** The body of an object of a kind. */
export type BodyOf<Kind extends KindName> = z.output<(typeof KINDS)[Kind]['schema']>

/** An object of a known kind. */
export type ObjectOf<Kind extends KindName> = ConfigObject<Kind, BodyOf<Kind>>

export function isKind<Kind extends KindName>(object: ConfigObject, kind: Kind): object is ObjectOf<Kind> {
  return object.kind === kind
}

/** Istio's kinds that have no effect here yet, by group. */
export const INERT_KINDS: Readonly<Record<string, readonly string[]>> = {
  'networking.istio.io': ['EnvoyFilter', 'WorkloadGroup', 'ProxyConfig'],
  'security.istio.io': ['RequestAuthentication'],
  'telemetry.istio.io': ['Telemetry'],
  'extensions.istio.io': ['WasmPlugin'],
}
