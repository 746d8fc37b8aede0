import { Reader, WIRE } from '@mesh/rpc/protobuf'
import type { ResourceType } from './resource-type.ts'

/** Field number of the name in each type's message. */
const NAME_FIELDS: Readonly<Record<ResourceType, number>> = { CDS: 1, EDS: 1, LDS: 1, RDS: 1, WDS: 20 }
const UNREADABLE = '(unreadable)'

/** The name inside a resource that may not decode otherwise, to be named in its refusal. */
export function nameIn(type: ResourceType, bytes: Uint8Array): string {
  try {
    const reader = new Reader(bytes)
    while (reader.at < reader.end) {
      const [field, wireType] = reader.tag()
      if (field === NAME_FIELDS[type] && wireType === WIRE.bytes) return reader.string()
      reader.pass(wireType)
    }
  } catch {
    return UNREADABLE
  }
  return UNREADABLE
}
