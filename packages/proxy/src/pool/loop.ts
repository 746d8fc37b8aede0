import type { Listener } from '@mesh/core/view'
import type { ProxyContext } from '../context.ts'

/** Whether a connection to this address would come back to a listener of the same direction, and so run in circles. */
export function loopsBack(
  context: ProxyContext,
  to: { readonly address: string; readonly port: number; readonly direction: Listener['direction'] },
): boolean {
  const back = context
    .listeners()
    .some(
      ({ plan: { listener }, socket }) => listener.direction === to.direction && socket?.address === to.address && socket.port === to.port,
    )
  if (back) context.counters.loopsRefused++
  return back
}
