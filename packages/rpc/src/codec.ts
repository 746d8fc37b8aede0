import type { MethodDefinition } from '@grpc/grpc-js'
import { MAX_REQUEST_MESSAGES } from './limits.ts'
import {
  create,
  fromBinary,
  toBinary,
  type DescMessage,
  type DescMethod,
  type MessageInitShape,
  type MessageShape,
} from './protobuf/index.ts'

/** How grpc-js sends and reads the messages of a method. Either side takes plain objects in place of messages. */
export function methodDefinition<I extends DescMessage, O extends DescMessage>(
  method: DescMethod<I, O>,
): MethodDefinition<MessageInitShape<I>, MessageInitShape<O>> {
  return {
    path: `/${method.service}/${method.name}`,
    requestStream: method.methodKind === 'client_streaming' || method.methodKind === 'bidi_streaming',
    responseStream: method.methodKind === 'server_streaming' || method.methodKind === 'bidi_streaming',
    requestSerialize: serializer(method.input),
    requestDeserialize: deserializer(method.input, MAX_REQUEST_MESSAGES),
    responseSerialize: serializer(method.output),
    responseDeserialize: deserializer(method.output),
    originalName: method.localName,
  }
}

function serializer<D extends DescMessage>(schema: D): (message: MessageInitShape<D>) => Buffer {
  return (message) => {
    const bytes = toBinary(schema, create(schema, message))
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }
}

function deserializer<D extends DescMessage>(schema: D, maxMessages?: number): (bytes: Buffer) => MessageInitShape<D> {
  return (bytes) => fromBinary(schema, bytes, maxMessages) as MessageShape<D> as MessageInitShape<D>
}
