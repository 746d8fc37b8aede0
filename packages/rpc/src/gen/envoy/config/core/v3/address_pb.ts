// Generated from envoy/config/core/v3/address.proto by tools/protobuf/generate.mjs: do not edit.

import { type DescMessage, type Message, type UnknownEnum, boxed, enumeration, field, message, oneof } from '../../../../../protobuf/index.ts'

export const SocketAddress_Protocol = {
  TCP: 0,
  UDP: 1,
} as const

export type SocketAddress_Protocol = (typeof SocketAddress_Protocol)[keyof typeof SocketAddress_Protocol] | UnknownEnum

export interface SocketAddress extends Message<'envoy.config.core.v3.SocketAddress'> {
  protocol: SocketAddress_Protocol
  address: string
  portSpecifier: { case: 'portValue'; value: number } | { case: undefined; value?: undefined }
}

export const SocketAddressSchema: DescMessage<SocketAddress> = message('envoy.config.core.v3.SocketAddress', () => ({
  protocol: field(1, enumeration(SocketAddress_Protocol)),
  address: field(2, 'string'),
  portSpecifier: oneof({ portValue: field(3, 'uint32') }),
}))

export interface TcpKeepalive extends Message<'envoy.config.core.v3.TcpKeepalive'> {
  keepaliveProbes?: number
  keepaliveTime?: number
  keepaliveInterval?: number
}

export const TcpKeepaliveSchema: DescMessage<TcpKeepalive> = message('envoy.config.core.v3.TcpKeepalive', () => ({
  keepaliveProbes: field(1, boxed('uint32')),
  keepaliveTime: field(2, boxed('uint32')),
  keepaliveInterval: field(3, boxed('uint32')),
}))

export interface Address extends Message<'envoy.config.core.v3.Address'> {
  address: { case: 'socketAddress'; value: SocketAddress } | { case: undefined; value?: undefined }
}

export const AddressSchema: DescMessage<Address> = message('envoy.config.core.v3.Address', () => ({
  address: oneof({ socketAddress: field(1, SocketAddressSchema) }),
}))

export interface CidrRange extends Message<'envoy.config.core.v3.CidrRange'> {
  addressPrefix: string
  prefixLen?: number
}

export const CidrRangeSchema: DescMessage<CidrRange> = message('envoy.config.core.v3.CidrRange', () => ({
  addressPrefix: field(1, 'string'),
  prefixLen: field(2, boxed('uint32')),
}))
