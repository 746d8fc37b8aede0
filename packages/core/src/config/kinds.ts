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

/** A kind of Istio that has no effect here yet. */
export interface InertKind {
  readonly group: string
  /** Those that Istio serves, today's first. */
  readonly versions: readonly string[]
  /** What it means for a mesh that the object has no effect, one sentence. */
  readonly meaning: string
}

/** Istio's kinds that have no effect here yet. */
export const INERT_KINDS: Readonly<Record<string, InertKind>> = {
  EnvoyFilter: { group: 'networking.istio.io', versions: ['v1alpha3'], meaning: 'Proxies are configured as if it were not there.' },
  WorkloadGroup: { ...NETWORKING, meaning: 'Workloads join by their own WorkloadEntry only.' },
  ProxyConfig: {
    group: 'networking.istio.io',
    versions: ['v1beta1'],
    meaning: 'Proxies run with the settings that they were started with.',
  },
  RequestAuthentication: {
    ...SECURITY,
    meaning: 'Tokens are not verified: a request passes as if it had none, a bad token too, and policies find no request principal in it.',
  },
  Telemetry: {
    group: 'telemetry.istio.io',
    versions: ['v1', 'v1alpha1'],
    meaning: 'Metrics, traces and access logs are those that the settings of the mesh ask for.',
  },
  WasmPlugin: { group: 'extensions.istio.io', versions: ['v1alpha1'], meaning: 'The module is not run, and requests pass without it.' },
}

/** Which of them an object is, when it is one. */
export function inertKind(group: string, kind: string): InertKind | undefined {
  const entry = Object.hasOwn(INERT_KINDS, kind) ? INERT_KINDS[kind] : undefined
  return entry?.group === group ? entry : undefined
}
