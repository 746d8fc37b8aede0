// Generated from envoy/config/route/v3/route.proto by tools/protobuf/generate.mjs: do not edit.

import { type DescMessage, type Message, boxed, field, list, message } from '../../../../../protobuf/index.ts'
import { type VirtualHost, VirtualHostSchema } from './route_components_pb.ts'

export interface RouteConfiguration extends Message<'envoy.config.route.v3.RouteConfiguration'> {
  name: string
  virtualHosts: VirtualHost[]
  validateClusters?: boolean
}

export const RouteConfigurationSchema: DescMessage<RouteConfiguration> = message('envoy.config.route.v3.RouteConfiguration', () => ({
  name: field(1, 'string'),
  virtualHosts: list(2, VirtualHostSchema),
  validateClusters: field(7, boxed('bool')),
}))
