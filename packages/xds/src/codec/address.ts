import type { Address, AddressSchema } from '@mesh/rpc/gen/envoy/config/core/v3/address_pb'
import type { Init } from './init.ts'
import { refuse } from './refusal.ts'

export interface Place {
  readonly address: string
  readonly port: number
}

export function encodeAddress({ address, port }: Place): Init<typeof AddressSchema> {
  return { address: { case: 'socketAddress', value: { address, portSpecifier: { case: 'portValue', value: port } } } }
}

export function decodeAddress(address: Address | undefined): Place {
  const socket = address?.address
  if (socket?.case === undefined || socket.value.portSpecifier.case === undefined) refuse('an address without a socket address and port')
  if (socket.value.protocol !== 0) refuse('only TCP addresses are supported')
  return { address: socket.value.address, port: socket.value.portSpecifier.value }
}
