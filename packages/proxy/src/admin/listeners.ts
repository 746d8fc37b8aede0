import type { NodeListeners } from '../node-plane.ts'
import { json, text, type AdminReply } from './routes.ts'

/** Envoy's `/listeners`: what is bound, as text or as JSON; beyond Envoy, what is not, and why. */
export function listenersPage(listeners: NodeListeners, format: string | null): AdminReply {
  const rows = rowsOf(listeners)
  if (format !== 'json')
    return text(
      rows
        .map(({ name, address, port, notBound }) => `${name}::${address}:${port}${notBound === undefined ? '' : ` not bound: ${notBound}`}`)
        .join('\n'),
    )
  return json({
    listener_statuses: rows.map(({ name, address, port, notBound }) => ({
      name,
      local_address: { socket_address: { address, port_value: port } },
      ...(notBound === undefined ? {} : { not_bound: notBound }),
    })),
  })
}

interface Row {
  readonly name: string
  readonly address: string
  readonly port: number
  readonly notBound?: string
}

function rowsOf({ bound, unbound }: NodeListeners): readonly Row[] {
  return [
    ...bound.map(({ plan, socket }) => ({
      name: plan.listener.name,
      address: socket?.address ?? plan.listener.address,
      port: socket?.port ?? plan.listener.port,
    })),
    ...unbound.map(({ listener, address, port, reason }) => ({ name: listener, address, port, notBound: reason })),
  ]
}
