import type { DescMessage, MessageInitShape } from '@mesh/rpc/protobuf'

/** A message written as a plain object, absent fields left out. */
export type Init<D extends DescMessage> = Exclude<MessageInitShape<D>, { readonly $typeName: string }>
