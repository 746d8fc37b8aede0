import type { Listener } from '@mesh/core/view'
import type { Inheritance, Io, NamedSocket } from '@mesh/io'
import type { Logger } from '@mesh/telemetry'
import type { AdminDoors, Door } from '../admin/doors.ts'
import type { NodePlane } from '../node-plane.ts'

/** What a predecessor left to this process; nothing, where there is none. */
export interface Estate {
  /** Whether there is a predecessor, which serves until it is told otherwise. */
  readonly present: boolean
  /** How many workers the predecessor listens with; undefined where it listens nowhere. */
  readonly workers: number | undefined
  /** The socket of a listener, or of one of its workers: each once. */
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
    workers: workersIn(inheritance.names),
    listener(address, port) {
      const names = inheritance.names.filter((name) => placeOf(name) === listenerName(address, port))
      for (const name of names) {
        const descriptor = inheritance.take(name)
        if (descriptor !== undefined) return descriptor
      }
      return undefined
    },
    door: (door) => inheritance.take(doorName(door)),
    accept: () => inheritance.accept(),
    decline: () => inheritance.decline(),
  }
}

const NOTHING: Estate = {
  present: false,
  workers: undefined,
  listener: () => undefined,
  door: () => undefined,
  accept: () => undefined,
  decline: () => undefined,
}

/** All that a successor can take over. */
export function ownSockets(plane: NodePlane, doors: AdminDoors, portOf: (listener: Listener) => number): NamedSocket[] {
  const listeners = plane.listeners.bound.flatMap(({ plan: { listener }, socket, others = [] }) => {
    const name = listenerName(listener.address, portOf(listener))
    return [
      { name, descriptor: socket?.descriptor },
      ...others.map((descriptor, index) => ({ name: `${name}${WORKER}${index + 1}`, descriptor })),
    ]
  })
  const own = DOORS.map((door) => ({ name: doorName(door), descriptor: doors[door].descriptor }))
  return [...listeners, ...own].flatMap(({ name, descriptor }) => (descriptor === undefined ? [] : [{ name, descriptor }]))
}

const DOORS: readonly Door[] = ['admin', 'health', 'metrics']

/** As the view and the settings say, not as they were bound: a port may be 0. */
function listenerName(address: string, port: number): string {
  return `listener ${address} ${port}`
}

/** Between the name of a listener and the number of the worker, of all but the first. */
const WORKER = ' worker '

function placeOf(name: string): string {
  return name.split(WORKER, 1)[0] ?? name
}

function workersIn(names: readonly string[]): number | undefined {
  const counts = new Map<string, number>()
  for (const name of names) if (name.startsWith('listener ')) counts.set(placeOf(name), (counts.get(placeOf(name)) ?? 0) + 1)
  return counts.size === 0 ? undefined : Math.max(...counts.values())
}

function doorName(door: Door): string {
  return `door ${door}`
}
