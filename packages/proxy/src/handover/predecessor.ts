import type { Listener } from '@mesh/core/view'
import type { Inheritance, Io, NamedSocket } from '@mesh/io'
import type { Logger } from '@mesh/telemetry'
import type { AdminDoors, Door } from '../admin/doors.ts'
import type { NodePlane } from '../node-plane.ts'

/** What a predecessor left to this process; nothing, where there is none. */
export interface Estate {
  /** Whether there is a predecessor, which serves until it is told otherwise. */
  readonly present: boolean
  listener(address: string, port: number): number | undefined
  door(door: Door): number | undefined
  /** The predecessor may go. */
  accept(): void
  /** The predecessor goes on alone. */
  decline(): void
}

/** Asks for the sockets of a predecessor, where there may be one. Rejects when it does not hand them over as it should. */
export async function inherit(io: Io, path: string | undefined, log: Pick<Logger, 'info' | 'warn'>): Promise<Estate> {
  if (path === undefined) return NOTHING
  if (io.handover === undefined) {
    log.warn({ path }, 'hot restart needs the fast plug: a successor cannot take the sockets over')
    return NOTHING
  }
  const inheritance = await io.handover.take(path)
  if (inheritance === undefined) return NOTHING
  log.info({ path, sockets: inheritance.names }, 'sockets of a predecessor taken over')
  return estateOf(inheritance)
}

function estateOf(inheritance: Inheritance): Estate {
  return {
    present: true,
    listener: (address, port) => inheritance.take(listenerName(address, port)),
    door: (door) => inheritance.take(doorName(door)),
    accept: () => inheritance.accept(),
    decline: () => inheritance.decline(),
  }
}

const NOTHING: Estate = {
  present: false,
  listener: () => undefined,
  door: () => undefined,
  accept: () => undefined,
  decline: () => undefined,
}

/** All that a successor can take over. */
export function ownSockets(plane: NodePlane, doors: AdminDoors, portOf: (listener: Listener) => number): NamedSocket[] {
  const listeners = plane.listeners.bound.map((listener) => ({
    name: listenerName(listener.plan.listener.address, portOf(listener.plan.listener)),
    descriptor: listener.socket?.descriptor,
  }))
  const own = DOORS.map((door) => ({ name: doorName(door), descriptor: doors[door].descriptor }))
  return [...listeners, ...own].flatMap(({ name, descriptor }) => (descriptor === undefined ? [] : [{ name, descriptor }]))
}

const DOORS: readonly Door[] = ['admin', 'health', 'metrics']

/** As the view and the settings say, not as they were bound: a port may be 0. */
function listenerName(address: string, port: number): string {
  return `listener ${address} ${port}`
}

function doorName(door: Door): string {
  return `door ${door}`
}
