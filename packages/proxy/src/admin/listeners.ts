import type { BoundListener } from '../listen/bound-listener.ts'
import { json, text, type AdminReply } from './routes.ts'

/** Envoy's `/listeners`: what is bound, as text or as JSON. */
export function listenersPage(bound: readonly BoundListener[], format: string | null): AdminReply {
  const rows = bound.map(({ plan, socket }) => ({
    name: plan.listener.name,
    address: socket?.address ?? plan.listener.address,
    port: socket?.port ?? plan.listener.port,
  }))
  if (format !== 'json') return text(rows.map(({ name, address, port }) => `${name}::${address}:${port}`).join('\n'))
  return json({
    listener_statuses: rows.map(({ name, address, port }) => ({ name, local_address: { socket_address: { address, port_value: port } } })),
  })
}
