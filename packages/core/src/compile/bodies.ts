import type { HeaderOperations } from '../config/fields/destination.ts'
import type { PresenceMatch } from '../config/fields/string-match.ts'
import type { ObjectOf } from '../config/kinds.ts'
import type { HttpMatch } from '../config/kinds/virtual-service-match.ts'
import type { HttpRetry } from '../config/kinds/virtual-service-retry.ts'

/** Objects of the kinds that views are made of, as the configuration reads them. */
export type Service = ObjectOf<'Service'>
export type ServiceEntry = ObjectOf<'ServiceEntry'>
export type WorkloadEntry = ObjectOf<'WorkloadEntry'>
export type VirtualService = ObjectOf<'VirtualService'>
export type DestinationRule = ObjectOf<'DestinationRule'>
export type Sidecar = ObjectOf<'Sidecar'>
export type Gateway = ObjectOf<'Gateway'>
export type PeerAuthentication = ObjectOf<'PeerAuthentication'>
export type AuthorizationPolicy = ObjectOf<'AuthorizationPolicy'>

export type WorkloadBody = WorkloadEntry['body']
export type HttpRouteBody = Item<VirtualService['body']['http']>
export type DestinationBody = Item<HttpRouteBody['route']>['destination']
export type HttpMatchBody = HttpMatch
export type HttpRetryBody = HttpRetry
export type StringMatchBody = PresenceMatch
export type HeaderOpsBody = NonNullable<NonNullable<HeaderOperations>['request']>
export type TrafficPolicyBody = NonNullable<DestinationRule['body']['trafficPolicy']>
export type ServerBody = Item<Gateway['body']['servers']>

type Item<List> = NonNullable<List> extends readonly (infer Element)[] ? Element : never
