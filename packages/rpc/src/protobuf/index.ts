export { create } from './create.ts'
export { fromBinary } from './decode.ts'
export { toBinary } from './encode.ts'
export { boxed, enumeration, field, list, map, message, oneof, struct } from './build.ts'
export type {
  DescMessage,
  DescMethod,
  DescService,
  JsonObject,
  JsonValue,
  Message,
  MessageInitShape,
  MessageShape,
  MethodKind,
  UnknownEnum,
  UnknownField,
} from './message.ts'
export { Reader } from './reader.ts'
export { service } from './service.ts'
export { toJson } from './to-json.ts'
export { WIRE, type WireType } from './wire-type.ts'
export { Writer } from './writer.ts'
