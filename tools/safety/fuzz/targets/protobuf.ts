import { ClusterSchema } from '../../../../packages/rpc/src/gen/envoy/config/cluster/v3/cluster_pb.ts'
import { ListenerSchema } from '../../../../packages/rpc/src/gen/envoy/config/listener/v3/listener_pb.ts'
import { RouteConfigurationSchema } from '../../../../packages/rpc/src/gen/envoy/config/route/v3/route_pb.ts'
import { DiscoveryRequestSchema } from '../../../../packages/rpc/src/gen/envoy/service/discovery/v3/discovery_pb.ts'
import { fromBinary, toBinary, type DescMessage } from '../../../../packages/rpc/src/protobuf/index.ts'
import { encodeView, type Resources } from '../../../../packages/xds/src/index.ts'
import { RESOURCE_TYPES } from '../../../../packages/xds/src/resource-type.ts'
import { decodeResource } from '../../../../packages/xds/src/resource.ts'
import { sampleViews } from '../../../../packages/xds/src/testdata/bookshop.ts'
import { Broken, bytesOf, same, type Target } from '../target.ts'

const SCHEMAS: readonly DescMessage[] = [ListenerSchema, RouteConfigurationSchema, ClusterSchema, DiscoveryRequestSchema]
const MAX_SEED_BYTES = 2000
const SEEDS_OF_A_TYPE = 6

/** Messages as bytes, and the resources of xDS that they are. The first byte says which type is meant. */
export const PROTOBUF: readonly Target[] = [
  {
    name: 'protobuf',
    seeds: () => [...resources([2, 4, 0, 0]), bytesOf('\x03\x0a\x01a\x12\x06\x0a\x04node')],
    check: (bytes) => {
      const schema = SCHEMAS[(bytes[0] ?? 0) % SCHEMAS.length] as DescMessage
      const message = attempt(() => fromBinary(schema, bytes.subarray(1)))
      if (message instanceof Error) return `${schema.typeName} ${message.message.replaceAll(/\d+/g, '0')}`
      const again = toBinary(schema, message)
      same('read and written twice, other bytes', [...again], [...toBinary(schema, fromBinary(schema, again))])
      return `${schema.typeName} ${Object.keys(message).length} ${message.$unknown?.length ?? 0}`
    },
  },
  {
    name: 'xds',
    seeds: () => resources([0, 1, 2, 3, 4]),
    check: (bytes) => {
      const type = RESOURCE_TYPES[(bytes[0] ?? 0) % RESOURCE_TYPES.length] as (typeof RESOURCE_TYPES)[number]
      const decoded = decodeResource(type, '', bytes.subarray(1))
      return decoded.kind === 'rejected'
        ? `${type} ${decoded.rejection.reason.replaceAll(/"[^"]*"|\d+/g, '')}`
        : `${type} ${Object.keys(decoded.value).join()}`
    },
  },
]

/** Some of each type of the sample, behind the byte that says which type it is; types as in `RESOURCE_TYPES`. */
function resources(types: readonly number[]): readonly Uint8Array[] {
  const all = sampleViews().map(({ view }): Resources => encodeView(view))
  return types.flatMap((type, place) => {
    const name = RESOURCE_TYPES[type] as (typeof RESOURCE_TYPES)[number]
    const known = new Map(all.flatMap((one) => [...one[name].values()]).map(({ version, bytes }) => [version, bytes]))
    const small = [...known.values()].filter(({ length }) => length <= MAX_SEED_BYTES).slice(0, SEEDS_OF_A_TYPE)
    return small.map((bytes) => Buffer.concat([Uint8Array.of(types.length === RESOURCE_TYPES.length ? type : place), bytes]))
  })
}

/** Reading throws plain errors, and those of the decoder of UTF-8. */
function attempt<T>(act: () => T): T | Error {
  try {
    return act()
  } catch (error) {
    if (error instanceof Error && (error.constructor === Error || ('code' in error && error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA')))
      return error
    throw new Broken(`no documented error: ${error instanceof Error ? error.stack : String(error)}`, { cause: error })
  }
}
