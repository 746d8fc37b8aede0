import type { handleBidiStreamingCall, handleUnaryCall, ServerUnaryCall, status } from '@grpc/grpc-js'
import type { DescMessage, MessageInitShape, MessageShape } from './protobuf/index.ts'
import type { CallCount } from './call-count.ts'
import { contextOf, type SurfaceCall } from './call-context.ts'
import type { Door } from './door.ts'
import type { ServerLimits } from './limits.ts'
import { RpcError, rpcErrorOf, statusOf } from './rpc-error.ts'
import { ServerStream } from './server-stream.ts'
import type { RpcContext, StreamHandler, UnaryHandler } from './service.ts'

/** What the calls of one server share. */
export interface House {
  readonly door: Door
  readonly calls: CallCount
  readonly limits: Pick<ServerLimits, 'endGraceMs'>
  readonly onError: (error: unknown) => void
  readonly onRefused: (reason: 'stuck') => void
}

/** A unary handler as grpc-js calls it; what it throws becomes a status. */
export function unaryCall<I extends DescMessage, O extends DescMessage>(
  handler: UnaryHandler<I, O>,
  house: House,
): handleUnaryCall<MessageShape<I>, MessageInitShape<O>> {
  return (call, callback) => {
    outcomeOf(handler, call, house)
      .then(({ error, reply }) => callback(error, reply))
      .catch(house.onError)
  }
}

interface Outcome<O extends DescMessage> {
  readonly error: { readonly code: status; readonly details: string } | null
  readonly reply?: MessageInitShape<O>
}

/** Never rejects. */
async function outcomeOf<I extends DescMessage, O extends DescMessage>(
  handler: UnaryHandler<I, O>,
  call: ServerUnaryCall<MessageShape<I>, MessageInitShape<O>>,
  house: House,
): Promise<Outcome<O>> {
  let leave = (): void => {}
  try {
    const { context } = arrive(call, house)
    leave = house.calls.enter(context.peer.principal)
    return { error: null, reply: await handler(call.request, context) }
  } catch (thrown) {
    if (!(thrown instanceof RpcError)) house.onError(thrown)
    return { error: statusOf(thrown) }
  } finally {
    leave()
  }
}

/** A stream handler as grpc-js calls it. */
export function bidiCall<I extends DescMessage, O extends DescMessage>(
  handler: StreamHandler<I, O>,
  house: House,
): handleBidiStreamingCall<MessageShape<I>, MessageInitShape<O>> {
  return (call) => {
    const stream = new ServerStream<I, O>(call, house)
    call.on('error', (error: Error) => stream.close(rpcErrorOf(error)))
    call.on('cancelled', () => stream.gone())
    stream.guard(() => {
      const { context, place } = arrive(call, house)
      stream.enter(context.peer.principal, place)
      stream.listen(handler(stream, context))
    })
  }
}

/** Who calls, and from which place (`address:port`). */
function arrive(call: SurfaceCall, { door }: House): { readonly context: RpcContext; readonly place: string } {
  const place = call.getPeer()
  door.used(place)
  return { context: contextOf(call, place), place }
}
