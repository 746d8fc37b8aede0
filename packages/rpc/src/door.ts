import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import type { ServerLimits } from './limits.ts'

/** Where connections come in: so many at once, and each must make a call soon. */
export interface Door {
  readonly port: number
  /** The connection from this place (`address:port`) has made a call. */
  used(place: string): void
  /** Ends the connection from this place at once. */
  cut(place: string): void
  /** Takes no more connections; those that are there go on. */
  close(): void
  /** Ends the connections that are left. */
  clear(): void
}

export interface DoorOptions {
  /** IP literal. */
  readonly address: string
  /** 0 takes a free one. */
  readonly port: number
  readonly limits: Pick<ServerLimits, 'maxConnections' | 'firstCallMs'>
  /** Takes a connection over. */
  readonly onConnection: (socket: Socket) => void
  readonly onRefused: (reason: 'connections' | 'silent') => void
  readonly onError: (error: unknown) => void
}

/** Opens a door. Rejects when it cannot bind. */
export function openDoor(options: DoorOptions): Promise<Door> {
  const guests = new Map<string, Guest>()
  const server = createServer({ noDelay: true }, (socket) => admit(socket, guests, options))
  server.maxConnections = options.limits.maxConnections
  server.on('drop', () => options.onRefused('connections'))
  return listening(server, options).then((port) => ({
    port,
    used: (place) => clearTimeout(guests.get(place)?.patience),
    cut: (place) => void guests.get(place)?.socket.destroy(),
    close: () => void server.close(),
    clear: () => {
      for (const { socket } of guests.values()) socket.destroy()
    },
  }))
}

interface Guest {
  readonly socket: Socket
  /** Runs out when no call comes. */
  readonly patience: NodeJS.Timeout
}

function admit(socket: Socket, guests: Map<string, Guest>, { limits, onConnection, onRefused }: DoorOptions): void {
  const place = `${socket.remoteAddress}:${socket.remotePort}`
  const patience = setTimeout(() => (onRefused('silent'), socket.destroy()), limits.firstCallMs).unref()
  const guest = { socket, patience }
  guests.set(place, guest)
  socket.on('close', () => {
    clearTimeout(patience)
    if (guests.get(place) === guest) guests.delete(place)
  })
  onConnection(socket)
}

function listening(server: Server, { address, port, onError }: DoorOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host: address, port }, () => {
      server.off('error', reject)
      server.on('error', onError)
      resolve((server.address() as AddressInfo).port)
    })
  })
}
