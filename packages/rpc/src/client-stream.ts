import type { ClientDuplexStream, StatusObject } from '@grpc/grpc-js'
import type { DescMessage, MessageInitShape, MessageShape } from './protobuf/index.ts'
import type { ClientStream } from './channel.ts'
import { RpcError, rpcErrorOf } from './rpc-error.ts'
import type { StreamListener } from './service.ts'

/** A bidirectional call of grpc-js as a writer and a listener that is closed exactly once. */
export function openStream<I extends DescMessage, O extends DescMessage>(
  call: ClientDuplexStream<MessageInitShape<I>, MessageShape<O>>,
  listener: StreamListener<O>,
): ClientStream<I> {
  let closed = false
  let ended = false
  const close = (error: RpcError | undefined) => {
    if (closed) return
    closed = true
    listener.onClose(error)
  }
  // What a listener throws ends its own call and nothing else.
  const guarded = (step: () => unknown) => {
    if (closed) return
    try {
      step()
    } catch (thrown) {
      call.cancel()
      close(new RpcError('INTERNAL', 'the listener failed', thrown))
    }
  }
  call.on('data', (message: MessageShape<O>) => guarded(() => listener.onMessage(message)))
  call.on('drain', () => guarded(() => listener.onDrain?.()))
  call.on('end', () => guarded(() => listener.onEnd?.()))
  // The status follows; without a listener the error event would be thrown.
  call.on('error', () => {})
  call.on('status', (status: StatusObject) => close(rpcErrorOf(status)))
  return {
    write: (message) => (closed || ended ? true : call.write(message)),
    end: () => {
      if (ended) return
      ended = true
      call.end()
    },
    cancel: () => call.cancel(),
  }
}
